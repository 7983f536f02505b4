"use strict";
// Shows openapi.json as a page. What it says gets into the page as text only, never as markup.

const METHODS = ["get", "post", "put", "patch", "delete", "head", "options"];
// They are there for every path; they would drown the others.
const QUIET = ["head", "options"];

function element(name, attributes, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...children.flat(Infinity).filter((child) => child !== null && child !== undefined));
  return made;
}

// Of CommonMark what the document uses: paragraphs, `code` and [links](https://...).
function prose(text, name = "p") {
  return (text ?? "").split(/\n\n+/).filter(Boolean).map((paragraph) => {
    const parts = paragraph.split(/(`[^`]+`|\[[^\]]+\]\(https?:[^)\s]+\))/);
    return element(name, {}, parts.map((part) => {
      const link = /^\[([^\]]+)\]\((.+)\)$/.exec(part);
      if (link) return element("a", { href: link[2], rel: "noreferrer" }, link[1]);
      return /^`.+`$/.test(part) ? element("code", {}, part.slice(1, -1)) : part;
    }));
  });
}

function show(api) {
  const resolve = (value) => value?.$ref
    ? value.$ref.slice(2).split("/").reduce((within, key) => within[key.replace(/~1/g, "/").replace(/~0/g, "~")], api)
    : value;
  const nameOf = (reference) => reference.split("/").pop();

  const link = (reference) => element("a", { href: `#schema-${nameOf(reference)}` }, nameOf(reference));
  function typeOf(schema) {
    if (schema.$ref) return [link(schema.$ref)];
    const several = schema.anyOf ?? schema.oneOf;
    if (several) return several.flatMap((one, at) => (at ? [" or ", ...typeOf(one)] : typeOf(one)));
    const types = [schema.type ?? "anything"].flat();
    return types.flatMap((type, at) => [
      at ? " or " : "", type,
      ...(type === "array" && schema.items ? [" of ", ...typeOf(schema.items)] : []),
      type === "string" && schema.format ? ` (${schema.format})` : "",
    ]);
  }
  // What values there may be, or are for example.
  function values(schema) {
    const inner = schema.items && !schema.items.$ref ? schema.items : schema;
    const listed = inner.enum ?? inner.examples ?? schema.examples;
    if (!listed) return null;
    const shown = listed.filter((value) => value !== null).map((value) =>
      element("code", {}, typeof value === "string" ? value : JSON.stringify(value)));
    return element("p", { class: "soft" }, inner.enum ? "One of " : "For example ",
      shown.flatMap((value, at) => (at ? [", ", value] : [value])));
  }
  const flags = (...names) => names.filter(Boolean).map((name) => element("span", { class: "flag" }, name));
  const row = (term, ...said) => element("div", {}, element("dt", {}, term), element("dd", {}, said));
  const rows = (all) => element("dl", { class: "rows" }, all);

  function members(schema) {
    if (schema.type === undefined && !schema.properties) return [];
    const object = schema.properties ? schema : schema.items?.properties ? schema.items : null;
    if (!object) return [];
    const required = object.required ?? [];
    const names = Object.keys(object.properties);
    names.sort((a, b) => required.includes(b) - required.includes(a));
    return [rows(names.map((name) => {
      const member = object.properties[name];
      const marks = flags(required.includes(name) && "required", member.readOnly && "read only", member.writeOnly && "write only");
      return row([element("code", {}, name), marks],
        element("p", { class: "soft" }, member.readOnly && !member.type ? "ignored" : typeOf(member)),
        prose(member.description), values(member), parts(member));
    }))];
  }

  function parts(member) {
    const inside = members(member);
    return inside.length ? more("Its members", inside) : [];
  }
  const json = (value) => element("pre", { tabindex: "0" }, JSON.stringify(value, null, 2));
  const more = (title, ...inside) => element("details", { class: "more" }, element("summary", {}, title), inside);

  function content(of) {
    const [type, media] = Object.entries(of ?? {})[0] ?? [];
    if (!type) return [];
    return [
      element("p", { class: "soft" }, Object.keys(of).join(" or "), ": ", media.schema ? typeOf(media.schema) : "anything"),
      "example" in media ? more("Example", json(media.example)) : null,
    ];
  }
  function parameterRow(parameter) {
    const { name, required, schema, description, example } = resolve(parameter);
    return row([element("code", {}, name), flags(required && "required")],
      element("p", { class: "soft" }, typeOf(schema), ` in the ${resolve(parameter).in}`), prose(description), values(schema),
      example === undefined ? null : element("p", { class: "soft" }, "For example ", element("code", {}, String(example))));
  }
  function responseRow(status, reference) {
    const response = resolve(reference);
    const headers = Object.keys(response.headers ?? {}).filter((name) => name.toLowerCase() !== "x-request-id");
    return row(element("code", {}, status), prose(response.description),
      headers.length ? element("p", { class: "soft" }, "With ", headers.join(", ")) : null, content(response.content));
  }
  function operation({ path, method, item, said }) {
    const parameters = [...(said.parameters ?? []), ...(item.parameters ?? [])];
    const places = ["path", "query", "header"];
    parameters.sort((a, b) => places.indexOf(resolve(a).in) - places.indexOf(resolve(b).in));
    const body = resolve(said.requestBody);
    const who = said.security?.length ? Object.keys(Object.assign({}, ...said.security)).join(" or ") : null;
    return element("details", { class: "block", id: `op-${said.operationId}` },
      element("summary", {}, element("span", { class: `method ${method}` }, method.toUpperCase()),
        element("span", { class: "path" }, path), element("span", { class: "soft" }, said.summary ?? "")),
      element("div", {}, prose(said.description), who ? element("p", { class: "soft" }, `Authenticated by ${who}.`) : null,
        parameters.length ? [element("h3", {}, "Parameters"), rows(parameters.map(parameterRow))] : null,
        body ? [element("h3", {}, "Content"), content(body.content)] : null,
        element("h3", {}, "Answers"), answers(said.responses)));
  }
  // Refusals are many, and much the same everywhere.
  function answers(responses) {
    const all = Object.entries(responses);
    const refusals = all.filter(([status]) => status >= "400");
    return [rows(all.filter(([status]) => status < "400").map(([status, is]) => responseRow(status, is))),
      more(`Refusals: ${refusals.map(([status]) => status).join(", ")}`, rows(refusals.map(([status, is]) => responseRow(status, is))))];
  }

  const operations = Object.entries(api.paths).flatMap(([path, item]) =>
    METHODS.filter((method) => item[method]).map((method) => ({ path, method, item, said: item[method] })));
  const sections = (api.tags ?? []).map(({ name, description }) => {
    const own = operations.filter(({ said }) => said.tags?.includes(name));
    const quiet = own.filter(({ method }) => QUIET.includes(method));
    return element("section", { id: `tag-${name}` }, element("h2", {}, name), prose(description).map((p) => (p.className = "soft", p)),
      own.filter(({ method }) => !QUIET.includes(method)).map(operation),
      quiet.length ? more([...new Set(quiet.map(({ method }) => method.toUpperCase()))].join(" and "), quiet.map(operation)) : null);
  });
  const schemas = element("section", { id: "schemas" }, element("h2", {}, "Schemas"),
    Object.entries(api.components.schemas).map(([name, schema]) =>
      element("details", { class: "block", id: `schema-${name}` },
        element("summary", {}, element("span", { class: "path" }, name)),
        element("div", {}, prose(schema.description), members(schema), more("JSON Schema", json(schema))))));

  const server = new URL(api.servers?.[0]?.url ?? "/", document.baseURI).href;
  document.title = api.info.title;
  document.getElementById("document").replaceChildren(
    element("h1", {}, api.info.title),
    element("p", { class: "soft" }, `Version ${api.info.version}, at `, element("code", {}, server), ", as ",
      element("a", { href: "openapi.json" }, "openapi.json")),
    ...prose(api.info.description), ...sections, schemas);

  const filter = element("input", { type: "search", placeholder: "Find", "aria-label": "Find an operation or a schema" });
  filter.addEventListener("input", () => {
    const wanted = filter.value.trim().toLowerCase();
    for (const block of document.querySelectorAll(".block"))
      block.hidden = !block.querySelector("summary").textContent.toLowerCase().includes(wanted);
    for (const quiet of document.querySelectorAll("section > .more")) quiet.hidden = wanted !== "";
    for (const section of document.querySelectorAll("section"))
      section.hidden = wanted !== "" && !section.querySelector(":scope > .block:not([hidden])");
  });
  const entries = [...sections, schemas].map((section) =>
    element("li", {}, element("a", { href: `#${encodeURIComponent(section.id)}` }, section.querySelector("h2").textContent)));
  document.getElementById("contents").replaceChildren(filter, element("ul", {}, entries));

  // Whatever a link leads to is shown.
  const reveal = () => {
    const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    for (let within = target; within; within = within.parentElement?.closest("details")) within.open = true;
    target?.scrollIntoView();
  };
  window.addEventListener("hashchange", reveal);
  reveal();
}

fetch("openapi.json")
  .then((answer) => (answer.ok ? answer.json() : Promise.reject(new Error(`openapi.json: ${answer.status}`))))
  .then(show)
  .catch((error) => document.getElementById("document").replaceChildren(
    element("h1", {}, "The document can't be shown"), element("p", {}, String(error))));
