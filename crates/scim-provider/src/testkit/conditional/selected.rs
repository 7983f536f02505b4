//! Lists that are filtered or sorted. A provider may refuse to, but not do as if it had.

use super::subject::random_name;
use super::{Failure, Subject};
use crate::filter::AttributePath;
use crate::{ListQuery, ProviderErrorKind, SortOrder, VersionedResource};

/// What the texts of the resources end in, in no order; two say the same.
const ENDS: [&str; 5] = ["beta", "alpha", "delta", "beta", "gamma"];

pub(super) async fn filters_find_what_matches(subject: &Subject) -> Result<(), Failure> {
    let marker = random_name();
    let mut created = Vec::new();
    for end in ENDS {
        let text = format!("{marker}{end}");
        created.push(subject.create(&random_name(), &text).await?);
    }
    // Of another, which no filter below finds.
    subject.create(&random_name(), &random_name()).await?;

    let text = subject.sample.text();
    let all = format!("{text} sw \"{marker}\"");
    let is = |end: &str| format!("{text} eq \"{marker}{end}\"");
    let id = subject.id(&created[3])?;
    let missing = random_name();
    let cases: [(String, &[usize]); 11] = [
        (all.clone(), &[0, 1, 2, 3, 4]),
        (is("beta"), &[0, 3]),
        (is("epsilon"), &[]),
        (format!("{} or {}", is("alpha"), is("gamma")), &[1, 4]),
        (format!("{all} and not ({})", is("beta")), &[1, 2, 4]),
        (format!("{all} and {text} ew \"lta\""), &[2]),
        (format!("{all} and {text} co \"{marker}b\""), &[0, 3]),
        (format!("id eq \"{id}\""), &[3]),
        (format!("id eq \"{id}\" and {}", is("beta")), &[3]),
        (format!("{} and id eq \"{id}\"", is("gamma")), &[]),
        (format!("id eq \"{missing}\""), &[]),
    ];
    for (filter, wanted) in cases {
        let parsed = filter
            .parse()
            .map_err(|error| subject.failure(format!("{filter}: {error}")))?;
        let query = ListQuery::new().with_filter(parsed);
        for count in [None, Some(1)] {
            let query = match count {
                Some(count) => query.clone().with_count(count),
                None => query.clone(),
            };
            let Some(found) = listed(subject, &query).await? else {
                continue;
            };
            let wanted = wanted.iter().map(|n| created[*n].clone());
            same_resources(subject, &filter, found, wanted.collect())?;
        }
    }
    Ok(())
}

pub(super) async fn sorted_lists_are_in_order(subject: &Subject) -> Result<(), Failure> {
    if !subject.sample.is_tenanted() {
        // Others may have left resources in the one tenant there is.
        return Ok(());
    }
    let mut created = Vec::new();
    for end in ENDS {
        created.push(subject.create(&random_name(), end).await?);
    }
    let path: AttributePath = subject
        .sample
        .text()
        .parse()
        .map_err(|error| subject.failure(format!("{}: {error}", subject.sample.text())))?;
    let mut texts = ENDS;
    texts.sort_unstable();
    for order in [SortOrder::Ascending, SortOrder::Descending] {
        for count in [2, 1000] {
            let query = ListQuery::new().with_sort(path.clone(), order);
            let Some(found) = listed(subject, &query.with_count(count)).await? else {
                continue;
            };
            let found_texts = found.iter().map(|item| subject.text(item));
            let found_texts = found_texts.collect::<Result<Vec<_>, _>>()?;
            subject.equal(
                "texts in order",
                found_texts,
                texts.map(str::to_owned).into(),
            )?;
            same_resources(subject, "a sorted list", found, created.clone())?;
        }
        texts.reverse();
    }
    Ok(())
}

/// The resources of all pages, or nothing if the provider does not do such things.
async fn listed(
    subject: &Subject,
    query: &ListQuery,
) -> Result<Option<Vec<VersionedResource>>, Failure> {
    match subject.try_list(query).await {
        Err(error) if error.kind() == ProviderErrorKind::Unsupported => Ok(None),
        Err(error) => Err(subject.broken(&format!("{query:?}"), &error)),
        Ok(page) => {
            let found = subject.list_all_of(query).await?;
            let length = u64::try_from(found.len()).unwrap_or(u64::MAX);
            subject.equal(&format!("totalResults of {query:?}"), page.total, length)?;
            Ok(Some(found))
        }
    }
}

fn same_resources(
    subject: &Subject,
    what: &str,
    mut found: Vec<VersionedResource>,
    mut wanted: Vec<VersionedResource>,
) -> Result<(), Failure> {
    let id = |resource: &VersionedResource| resource.resource().id().map(str::to_owned);
    for list in [&mut found, &mut wanted] {
        list.sort_by_key(id);
    }
    subject.equal(
        what,
        found.iter().map(id).collect::<Vec<_>>(),
        wanted.iter().map(id).collect(),
    )?;
    subject.ensure(found == wanted, || {
        format!("{what} shows something else than what was created")
    })
}
