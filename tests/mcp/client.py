"""What `tests/mcp/run` runs in its venv: client.py SCIMD WORK."""

import contextlib
import json
import pathlib
import re
import subprocess
import sys
import urllib.error
import urllib.request

import anyio
import jsonschema
from mcp.client.client import Client
from mcp.client.stdio import StdioServerParameters, stdio_client
from mcp.client.streamable_http import create_mcp_http_client, streamable_http_client

WRITE = "write-0123456789abcdef0123456789abcdef"
READ = "read-0123456789abcdef0123456789abcdef"
OTHER = "other-0123456789abcdef0123456789abcdef"
TENANTS = ["--tenant", f"acme={WRITE}", "--tenant-read-only", f"acme={READ}", "--tenant", f"beta={OTHER}"]

# A few former versions, so that stale changes can be merged.
KEEPING = ["--keep-versions", "2", "--keep-age", "1h", "--keep-bytes", "1MiB"]

# With a handshake (up to 2025-11-25), and without (2026-07-28).
MODES = ["legacy", "auto"]

# How many change one user at the same time, and how often each. Every change that succeeds is a
# conflict for all others, so that the work grows with the square.
AGENTS = 8
CLIENTS = 4
LOOPS = 10
MEMBERS = 5

TOOLS = {
    "create_user", "get_user", "replace_user", "patch_user", "delete_user", "list_users",
    "create_group", "get_group", "replace_group", "patch_group", "delete_group", "list_groups",
    "add_group_members", "remove_group_members",
    "search_resources", "bulk", "describe_schemas", "server_info",
}


class Agent:
    """A client that checks everything it gets against the schemas that the server shows."""

    def __init__(self, client):
        self.client = client
        self.tools = {}

    async def look(self):
        listed = await self.client.list_tools()
        self.tools = {tool.name: tool for tool in listed.tools}
        return self

    async def call(self, name, **arguments):
        result = await self.client.call_tool(name, arguments)
        # Errors, too: other clients check them.
        if name in self.tools:
            jsonschema.validate(result.structured_content, self.tools[name].output_schema)
        assert json.loads(result.content[0].text) == result.structured_content
        return bool(result.is_error), result.structured_content

    async def done(self, name, **arguments):
        failed, value = await self.call(name, **arguments)
        assert not failed, (name, value)
        return value

    async def refused(self, name, **arguments):
        failed, value = await self.call(name, **arguments)
        assert failed, (name, value)
        return value["error"]


class Server:
    """A scimd that listens, until the end of the `with`."""

    def __init__(self, binary, log, *options):
        with open(log, "wb") as stderr:
            self.process = subprocess.Popen(
                [binary, "--listen", "127.0.0.1:0", "--store", "memory", *options],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=stderr,
                text=True,
            )
        line = self.process.stdout.readline()
        found = re.fullmatch(r"listening on (http://[^/]+)(/\S*)\n", line)
        if not found:
            self.stop()
            raise SystemExit(f"scimd announces nothing: {log.read_text()}")
        self.mcp, self.scim = found[1] + "/mcp", found[1] + found[2]

    def __enter__(self):
        return self

    def __exit__(self, *_):
        assert self.process.poll() is None, "scimd ended while it was tested"
        self.stop()

    def stop(self):
        self.process.terminate()
        try:
            self.process.wait(timeout=30)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.process.stdout.close()


@contextlib.asynccontextmanager
async def over_http(server, token, mode):
    async with create_mcp_http_client({"authorization": f"Bearer {token}"}) as http:
        async with Client(streamable_http_client(server.mcp, http_client=http), mode=mode) as client:
            yield await Agent(client).look()


@contextlib.asynccontextmanager
async def over_stdio(binary, log, mode):
    parameters = StdioServerParameters(command=binary, args=["mcp", "--store", "memory", *KEEPING])
    with open(log, "w") as errors:
        async with Client(stdio_client(parameters, errlog=errors), mode=mode) as client:
            yield await Agent(client).look()


async def life_of_a_user(agent):
    assert set(agent.tools) == TOOLS, set(agent.tools) ^ TOOLS
    for name, tool in agent.tools.items():
        jsonschema.Draft202012Validator.check_schema(tool.input_schema)
        jsonschema.Draft202012Validator.check_schema(tool.output_schema)
        assert tool.title and tool.description
        reads = name.startswith(("get_", "list_", "search_", "describe_", "server_"))
        assert tool.annotations.read_only_hint == reads, name
        assert tool.annotations.open_world_hint is False

    created = await agent.done("create_user", data={"userName": "bjensen", "title": "Guide"})
    user, first = created["id"], created["version"]
    read = await agent.done("get_user", id=user)
    assert read["version"] == first and read["resource"]["userName"] == "bjensen"
    found = await agent.done("list_users", filter='userName eq "bjensen"')
    assert found["total"] == 1 and found["resources"][0]["version"] == first

    change = [{"op": "replace", "path": "title", "value": "Tour Guide"}]
    changed = await agent.done("patch_user", id=user, operations=change, expected_version=first)
    assert changed["changed"] and changed["version"] != first

    # A conflict, and the way out of it.
    mine = read["resource"] | {"nickName": "Babs"}
    conflict = await agent.refused("replace_user", id=user, data=mine, expected_version=first)
    assert conflict["kind"] == "version_conflict"
    assert conflict["expected_version"] == first
    assert conflict["current_version"] == changed["version"]
    assert conflict["current"]["title"] == "Tour Guide" and conflict["next_step"]
    both = conflict["current"] | {"nickName": "Babs"}
    written = await agent.done(
        "replace_user", id=user, data=both, expected_version=conflict["current_version"]
    )
    assert written["resource"]["title"] == "Tour Guide" and written["resource"]["nickName"] == "Babs"

    # Versions that are none, and arguments that there are not.
    for wrong in [1, None, True, ["x"], {"v": "x"}, "", "a b"]:
        error = await agent.refused("delete_user", id=user, expected_version=wrong)
        assert error["kind"] == "invalid_arguments", error
    error = await agent.refused("delete_user", id=user)
    assert error["argument"] == "expected_version", error
    error = await agent.refused("get_user", id=user, tenant="acme")
    assert error["kind"] == "invalid_arguments", error

    group = await agent.done("create_group", data={"displayName": "Guides"})
    added = await agent.done("add_group_members", id=group["id"], members=[user])
    assert added["changed"]
    group = await agent.done("get_group", id=group["id"])
    assert [member["value"] for member in group["resource"]["members"]] == [user]

    resource = await agent.client.read_resource(f"scim://User/{user}")
    assert json.loads(resource.contents[0].text) == (await agent.done("get_user", id=user))["resource"]
    templates = await agent.client.list_resource_templates()
    assert len(templates.resource_templates) == 2
    prompts = await agent.client.list_prompts()
    assert len(prompts.prompts) == 3
    prompt = await agent.client.get_prompt("long_running_work", {"task": "Move all to Oslo"})
    assert "Oslo" in prompt.messages[0].content.text

    seen = await agent.done("get_user", id=user, unless_version=written["version"])
    assert seen["unchanged"]
    await agent.done("delete_user", id=user, expected_version=written["version"])
    error = await agent.refused("get_user", id=user)
    assert error["kind"] == "not_found"
    group = await agent.done("get_group", id=group["id"])
    await agent.done("delete_group", id=group["id"], expected_version=group["version"])


async def merged_changes(agent):
    """Changes of a version that has been replaced, as long as that is kept."""
    first = await agent.done("create_user", data={"userName": "merged", "title": "Guide"})
    user, base = first["id"], first["version"]
    stale = {"id": user, "expected_version": base, "merge": True}

    def title(value):
        return [{"op": "replace", "path": "title", "value": value}]

    theirs = await agent.done("patch_user", id=user, operations=title("Tour Guide"), expected_version=base)

    # What does not overlap comes out together; a version alone stays as strict as ever.
    mine = first["resource"] | {"nickName": "Babs"}
    error = await agent.refused("replace_user", id=user, data=mine, expected_version=base)
    assert error["kind"] == "version_conflict", error
    both = await agent.done("replace_user", data=mine, **stale)
    assert both["version"] not in (base, theirs["version"])
    assert (both["resource"]["title"], both["resource"]["nickName"]) == ("Tour Guide", "Babs")

    # What does is told, with its values, and nothing is changed.
    error = await agent.refused("patch_user", operations=title("Lead"), **stale)
    assert error["kind"] == "merge_conflict", error
    told = [{"path": "title", "base": "Guide", "mine": "Lead", "theirs": "Tour Guide"}]
    assert error["conflicts"] == told, error
    assert error["current_version"] == both["version"] and error["current"] == both["resource"]

    # Two are kept: after three changes the first is none of them.
    await agent.done("patch_user", id=user, operations=title("Driver"))
    error = await agent.refused("replace_user", data=mine, **stale)
    assert error["kind"] == "version_conflict", error
    await agent.done("delete_user", id=user, expected_version=error["current_version"])


async def tenants(binary, work, mode):
    with Server(binary, work / "tenants.log", *TENANTS) as server:
        async with over_http(server, WRITE, mode) as acme:
            user = (await acme.done("create_user", data={"userName": "a"}))["id"]
            calls = [
                ("get_user", {"id": user}),
                ("delete_user", {"id": user, "expected_version": "x"}),
                ("patch_user", {"id": user, "operations": [{"op": "remove", "path": "title"}]}),
                ("search_resources", {"filter": f'id eq "{user}"'}),
            ]
            async with over_http(server, OTHER, mode) as beta:
                foreign = [await beta.call(name, **arguments) for name, arguments in calls]
            async with over_http(server, READ, mode) as reader:
                assert "delete_user" not in reader.tools and "get_user" in reader.tools
                error = await reader.refused("create_user", data={"userName": "b"})
                assert error["kind"] == "forbidden"
            await acme.done("get_user", id=user)
    with Server(binary, work / "empty.log", *TENANTS) as server:
        async with over_http(server, OTHER, mode) as beta:
            absent = [await beta.call(name, **arguments) for name, arguments in calls]
    assert json.dumps(foreign) == json.dumps(absent)


async def agents_and_others(binary, work, mode):
    """Agents, and clients of SCIM over HTTP, change one user and one group: nothing is lost."""
    with Server(binary, work / "race.log", *TENANTS) as server:
        async with over_http(server, WRITE, mode) as owner:
            user = (await owner.done("create_user", data={"userName": "n", "title": "0"}))["id"]
            group = (await owner.done("create_group", data={"displayName": "g"}))["id"]
            members = [
                (await owner.done("create_user", data={"userName": f"m{number}"}))["id"]
                for number in range((AGENTS + CLIENTS) * MEMBERS)
            ]

        async def agent(own):
            async with over_http(server, WRITE, mode) as agent:
                for _ in range(LOOPS):
                    read = await agent.done("get_user", id=user)
                    current, version = read["resource"], read["version"]
                    while True:
                        data = current | {"title": str(int(current["title"]) + 1)}
                        failed, value = await agent.call(
                            "replace_user", id=user, data=data, expected_version=version
                        )
                        if not failed:
                            break
                        assert value["error"]["kind"] == "version_conflict", value
                        current = value["error"]["current"]
                        version = value["error"]["current_version"]
                for member in own:
                    await agent.done("add_group_members", id=group, members=[member])

        def client(own):
            for _ in range(LOOPS):
                while True:
                    etag, current = scim(server, "GET", f"/Users/{user}")
                    current["title"] = str(int(current["title"]) + 1)
                    if scim(server, "PUT", f"/Users/{user}", current, etag)[1] is not None:
                        break
            for member in own:
                add = {"op": "add", "path": "members", "value": [{"value": member}]}
                message = {
                    "schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"],
                    "Operations": [add],
                }
                scim(server, "PATCH", f"/Groups/{group}", message)

        async with anyio.create_task_group() as tasks:
            for number in range(AGENTS + CLIENTS):
                own = members[number * MEMBERS : (number + 1) * MEMBERS]
                if number < AGENTS:
                    tasks.start_soon(agent, own)
                else:
                    tasks.start_soon(anyio.to_thread.run_sync, client, own)

        async with over_http(server, WRITE, mode) as owner:
            title = (await owner.done("get_user", id=user))["resource"]["title"]
            assert int(title) == (AGENTS + CLIENTS) * LOOPS, title
            found = (await owner.done("get_group", id=group))["resource"]["members"]
            assert sorted(member["value"] for member in found) == sorted(members)


def scim(server, method, path, body=None, if_match=None):
    """The entity tag and the resource; no resource if the precondition failed."""
    headers = {"authorization": f"Bearer {WRITE}", "content-type": "application/scim+json"}
    if if_match:
        headers["if-match"] = if_match
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(server.scim + path, data, headers, method=method)
    try:
        with urllib.request.urlopen(request, timeout=60) as answer:
            return answer.headers["etag"], json.loads(answer.read() or b"{}")
    except urllib.error.HTTPError as error:
        assert error.code == 412, (error.code, error.read())
        return None, None


async def main(binary, work):
    for mode in MODES:
        async with over_stdio(binary, work / "stdio.log", mode) as agent:
            await life_of_a_user(agent)
            await merged_changes(agent)
            print(f"stdio, {mode} ({agent.client.protocol_version}): as it should be", flush=True)
        with Server(binary, work / "http.log", "--token", WRITE, *KEEPING) as server:
            async with over_http(server, WRITE, mode) as agent:
                await life_of_a_user(agent)
                await merged_changes(agent)
                print(f"HTTP, {mode} ({agent.client.protocol_version}): as it should be", flush=True)
        await tenants(binary, work, mode)
        print(f"tenants, {mode}: do not see each other", flush=True)
        await agents_and_others(binary, work, mode)
        print(f"agents and clients on one store, {mode}: nothing lost", flush=True)


if __name__ == "__main__":
    anyio.run(main, sys.argv[1], pathlib.Path(sys.argv[2]))
