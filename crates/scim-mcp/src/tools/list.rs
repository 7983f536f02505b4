use rmcp::model::Tool;
use scim_ops::provider::filter::{Filter, Projection, Projector};
use scim_ops::provider::storage::LinkSelection;
use scim_ops::provider::{
    ListQuery, ListStart, Page, ResourceProvider, SortOrder, VersionedResource, View,
};
use scim_ops::{Operation, Outcome, Preconditions};
use serde_json::{Value, json};

use super::shown::projection;
use super::{Effect, Subject, describe};
use crate::Limits;
use crate::arguments::Arguments;
use crate::call::{Answer, Call};
use crate::config::Config;
use crate::failure::{Failure, Kind};
use crate::schema;

pub(super) fn tool(of: &Subject, many: &str, config: &Config) -> Tool {
    let name = &of.resource_type;
    tool_for(
        format!("list_{many}"),
        format!("List {name} resources"),
        format!(
            "Shows a page of the {name} resources, each with its version; with a filter only those that match, such as `userName eq \"bjensen\"` or `meta.lastModified gt \"2026-01-01T00:00:00Z\"` (RFC 7644 section 3.4.2.2)."
        ),
        json!({}),
        config,
    )
}

/// A tool that shows pages, and takes `properties` besides what says which page.
pub(super) fn tool_for(
    name: String,
    title: String,
    description: String,
    mut properties: Value,
    config: &Config,
) -> Tool {
    let limits = &config.limits;
    let own = [
        (
            "filter",
            json!({
                "type": "string",
                "maxLength": limits.filter(),
                "description": "Only resources that match. Operators: eq ne co sw ew gt ge lt le pr, joined by and, or, not; parts of one value in brackets: emails[type eq \"work\" and value co \"@example.com\"]",
            }),
        ),
        (
            "sort_by",
            json!({ "type": "string", "description": "The attribute by which they are sorted" }),
        ),
        (
            "sort_order",
            json!({ "type": "string", "enum": ["ascending", "descending"] }),
        ),
        (
            "start_index",
            json!({
                "type": "integer",
                "minimum": 1,
                "description": "The number of the first resource of the page, from 1; not together with cursor",
            }),
        ),
        (
            "cursor",
            json!({
                "type": "string",
                "description": "Where the page starts: next_cursor of the page before, or an empty text for the first page. With cursors no resource is missed or shown twice, whatever is written meanwhile",
            }),
        ),
        (
            "count",
            json!({
                "type": "integer",
                "minimum": 0,
                "description": format!(
                    "How many at most, {} unless you say so, never more than {}; 0 for the total alone",
                    limits.default_page(),
                    limits.max_page(),
                ),
            }),
        ),
    ];
    for (name, schema) in own {
        properties[name] = schema;
    }
    schema::projection(&mut properties);
    describe(
        name,
        title,
        description,
        schema::arguments(properties, &[]),
        schema::page(),
        Effect::Reads,
    )
}

/// What `filter`, `sort_by`, `sort_order`, `start_index`, `cursor` and `count` ask for.
pub(super) fn query(arguments: &mut Arguments, limits: &Limits) -> Result<ListQuery, Failure> {
    let mut query = ListQuery::new();
    if let Some(text) = arguments.text("filter")? {
        query = query.with_filter(filter(&arguments.place("filter"), &text, limits)?);
    }
    let order = match arguments.text("sort_order")?.as_deref() {
        None => None,
        Some("ascending") => Some(SortOrder::Ascending),
        Some("descending") => Some(SortOrder::Descending),
        Some(_) => {
            let reason = "neither ascending nor descending";
            return Err(Failure::argument(&arguments.place("sort_order"), reason));
        }
    };
    match (arguments.text("sort_by")?, order) {
        (Some(path), order) => {
            let path = path
                .parse()
                .map_err(|error| Failure::argument(&arguments.place("sort_by"), error))?;
            query = query.with_sort(path, order.unwrap_or_default());
        }
        (None, Some(_)) => return Err(arguments.missing("sort_by")),
        (None, None) => {}
    }
    query = match (
        arguments.integer("start_index", 1)?,
        arguments.text("cursor")?,
    ) {
        (None, None) => query,
        (Some(start_index), None) => query.with_start_index(start_index),
        (None, Some(cursor)) if cursor.is_empty() => query.with_cursor(None),
        (None, Some(cursor)) => {
            let cursor = cursor
                .parse()
                .map_err(|error| Failure::argument(&arguments.place("cursor"), error))?;
            query.with_cursor(Some(cursor))
        }
        (Some(_), Some(_)) => {
            return Err(Failure::argument(
                &arguments.place("cursor"),
                "excludes start_index",
            ));
        }
    };
    let most = limits.max_page();
    let count = match arguments.integer("count", 0)? {
        Some(count) => u32::try_from(count).map_or(most, |count| count.min(most)),
        None => limits.default_page(),
    };
    Ok(query.with_count(count))
}

fn filter(place: &str, text: &str, limits: &Limits) -> Result<Filter, Failure> {
    if text.len() > limits.filter() {
        let reason = format!("{place}: longer than {} octets", limits.filter());
        return Err(Failure::new(Kind::InvalidFilter, reason)
            .with("argument", place)
            .then("ask with a shorter filter"));
    }
    text.parse().map_err(|error| {
        Failure::new(Kind::InvalidFilter, format!("{place}: {error}"))
            .with("argument", place)
            .then("correct the filter")
    })
}

/// As much of the resources of several types as is needed to show them.
pub(super) fn view(projectors: &[Projector<'_>]) -> View {
    let views: Vec<View> = projectors.iter().map(Projector::view).collect();
    let links = if views.iter().any(|view| *view.links() == LinkSelection::All) {
        LinkSelection::All
    } else {
        LinkSelection::None
    };
    View::document()
        .with_links(links)
        .with_derived(views.iter().any(View::derived))
}

impl<P: ResourceProvider> Call<'_, P> {
    /// `list_users`.
    pub(crate) async fn list(
        &self,
        of: &Subject,
        mut arguments: Arguments,
    ) -> Result<Answer, Failure> {
        let query = query(&mut arguments, &self.config().limits)?;
        let projection = projection(&mut arguments)?;
        arguments.finish()?;
        self.pages(&[&of.resource_type], query, &projection).await
    }

    /// A page of the resources of these types, of which there is at least one.
    pub(super) async fn pages(
        &self,
        names: &[&str],
        query: ListQuery,
        projection: &Projection,
    ) -> Result<Answer, Failure> {
        let projectors: Vec<Projector<'_>> = names
            .iter()
            .filter_map(|name| self.types().get(name))
            .map(|resource_type| resource_type.projector(projection))
            .collect();
        let mut query = query.with_view(view(&projectors));
        loop {
            let page = self.read_page(names, query.clone()).await?;
            let shown = self.show_page(&page, &projectors)?;
            // The next cursor stands behind the last resource of the page as it was read. One that ends
            // early has to be read as short as it is shown, which makes it no longer.
            if shown.len() < page.items.len() && matches!(query.start(), ListStart::Cursor(_)) {
                query = query.with_count(u32::try_from(shown.len()).unwrap_or(u32::MAX));
                continue;
            }
            return Ok(answer(&page, shown).into());
        }
    }

    async fn read_page(
        &self,
        names: &[&str],
        query: ListQuery,
    ) -> Result<Page<VersionedResource>, Failure> {
        let found = match names {
            [only] => {
                let operation = Operation::List { query };
                match self.perform(only, operation, Preconditions::new()).await {
                    Ok(Outcome::Listed(page)) => Ok(page),
                    Ok(_) => return Err(self.unexpected()),
                    Err(error) => Err(error),
                }
            }
            several => {
                let handler = self.handler();
                handler.search(several, &query, &self.context).await
            }
        };
        found.map_err(|error| {
            Failure::of(
                &error,
                self.one(names.first().unwrap_or(&"")),
                &self.context,
            )
        })
    }

    /// The resources of a page, up to the one that passes the limit.
    fn show_page(
        &self,
        page: &Page<VersionedResource>,
        projectors: &[Projector<'_>],
    ) -> Result<Vec<Value>, Failure> {
        let mut shown = Vec::with_capacity(page.items.len());
        let mut octets = 0;
        for resource in &page.items {
            let name = resource.resource().resource_type();
            let projector = projectors
                .iter()
                .find(|projector| projector.resource_type().name() == name)
                .ok_or_else(|| self.unexpected())?;
            let (item, length) = self.shown(resource, projector)?;
            shown.push(Value::Object(item));
            octets += length;
            if octets >= self.config().limits.list() {
                break;
            }
        }
        Ok(shown)
    }
}

fn answer(page: &Page<VersionedResource>, shown: Vec<Value>) -> Value {
    let mut answer = json!({ "total": page.total });
    if let Some(start_index) = page.start_index {
        answer["start_index"] = start_index.into();
        let next = start_index.saturating_add(u64::try_from(shown.len()).unwrap_or(u64::MAX));
        if !shown.is_empty() && next <= page.total {
            answer["next_start_index"] = next.into();
        }
    }
    if let Some(cursor) = &page.next_cursor {
        answer["next_cursor"] = cursor.as_str().into();
    }
    answer["resources"] = shown.into();
    answer
}
