//! The promises of a [`ConditionalProvider`].
//!
//! ```
//! use std::sync::Arc;
//!
//! use scim_provider::InMemoryProvider;
//! use scim_provider::testkit::{Config, Failure, conditional};
//!
//! #[tokio::main(flavor = "multi_thread")]
//! async fn main() -> Result<(), Failure> {
//!     let config = Config::default().with_rounds(2).with_increments(10);
//!     conditional::run_all(Arc::new(InMemoryProvider::default()), &config).await
//! }
//! ```
//!
//! [`run_all`] writes users that have a `userName`, unique without regard to case, and a
//! `displayName`. A provider of other resources says so with a [`Sample`].

mod cancelled;
mod cursors;
mod pages;
mod parts;
mod plain;
mod races;
mod sample;
mod secret;
mod selected;
mod stale;
mod subject;
mod tenants;
mod types;
mod unique;
mod versions;

use std::sync::Arc;

use super::{Config, Failure, race};
use crate::ConditionalProvider;

pub use sample::Sample;
use subject::Subject;

/// Runs every check on a provider of users.
///
/// # Errors
///
/// The [`Failure`] of the first check that found something; of `runtime` on a
/// single-threaded runtime; of `capability` if
/// [`as_conditional`](crate::ResourceProvider::as_conditional) gives nothing.
pub async fn run_all(
    provider: Arc<dyn ConditionalProvider>,
    config: &Config,
) -> Result<(), Failure> {
    run_all_with(provider, &Sample::users(), config).await
}

/// Runs every check on a provider of the resources that `sample` describes: also those of a
/// [`PartialProvider`](crate::PartialProvider), if it is one and they [have
/// links](Sample::with_links).
///
/// # Errors
///
/// Those of [`run_all`].
pub async fn run_all_with(
    provider: Arc<dyn ConditionalProvider>,
    sample: &Sample,
    config: &Config,
) -> Result<(), Failure> {
    race::multi_threaded()?;
    says_that_it_is_conditional(&provider)?;
    let subject = |check| Subject::new(check, Arc::clone(&provider), sample);

    stale::missing_resource_is_not_found(&subject("missing_resource_is_not_found")).await?;
    stale::stale_update_writes_nothing(&subject("stale_update_writes_nothing")).await?;
    stale::stale_delete_writes_nothing(&subject("stale_delete_writes_nothing")).await?;
    stale::deleted_resource_stays_away(&subject("deleted_resource_stays_away")).await?;
    stale::write_is_read_back(&subject("write_is_read_back")).await?;

    versions::nothing_new_changes_nothing(&subject("nothing_new_changes_nothing")).await?;
    versions::version_covers_every_attribute(&subject("version_covers_every_attribute")).await?;
    versions::version_never_comes_back(&subject("version_never_comes_back")).await?;

    let has_parts = sample.links().is_some() && provider.as_partial().is_some();
    if has_parts {
        parts::part_is_read_as_selected(&subject("part_is_read_as_selected")).await?;
        parts::part_leaves_the_rest_alone(&subject("part_leaves_the_rest_alone")).await?;
        let check = "part_that_says_the_same_changes_nothing";
        parts::part_that_says_the_same_changes_nothing(&subject(check)).await?;
        parts::stale_part_writes_nothing(&subject("stale_part_writes_nothing")).await?;
    }
    if let Some(secret) = sample.secret() {
        let subject = subject("secret_is_kept_and_never_shown");
        secret::secret_is_kept_and_never_shown(&subject, secret).await?;
    }
    if sample.is_tenanted() {
        tenants::tenants_do_not_touch(&subject("tenants_do_not_touch")).await?;
    }
    pages::pages_cover_all_in_order(&subject("pages_cover_all_in_order")).await?;
    selected::filters_find_what_matches(&subject("filters_find_what_matches")).await?;
    selected::sorted_lists_are_in_order(&subject("sorted_lists_are_in_order")).await?;
    cursors::cursors_lead_to_every_resource(&subject("cursors_lead_to_every_resource")).await?;
    types::types_do_not_touch(&subject("types_do_not_touch")).await?;
    plain::plain_methods_agree(&subject("plain_methods_agree")).await?;

    races::counter_on_threads(&subject("counter_on_threads"), config).await?;
    races::counter_in_turn(&subject("counter_in_turn"), config).await?;
    if has_parts {
        let check = "parts_on_threads_lose_nothing";
        parts::parts_on_threads_lose_nothing(&subject(check), config).await?;
        parts::parts_in_turn_lose_nothing(&subject("parts_in_turn_lose_nothing"), config).await?;
    }
    races::one_version_has_one_winner(&subject("one_version_has_one_winner"), config).await?;
    races::update_or_delete(&subject("update_or_delete"), config).await?;
    races::one_delete_has_one_winner(&subject("one_delete_has_one_winner"), config).await?;
    races::delete_among_updates_is_final(&subject("delete_among_updates_is_final"), config).await?;
    pages::page_is_one_state(&subject("page_is_one_state"), config).await?;
    let check = "cursors_hold_while_others_write";
    cursors::cursors_hold_while_others_write(&subject(check), config).await?;

    if sample.unique().is_some() {
        unique::taken_name_is_refused(&subject("taken_name_is_refused")).await?;
        unique::racing_creates_have_one_winner(&subject("racing_creates_have_one_winner"), config)
            .await?;
        unique::racing_renames_have_one_winner(&subject("racing_renames_have_one_winner"), config)
            .await?;
        unique::name_stays_free_of_duplicates(&subject("name_stays_free_of_duplicates"), config)
            .await?;
    }
    cancelled::dropped_write_is_whole_or_absent(
        &subject("dropped_write_is_whole_or_absent"),
        config,
    )
    .await
}

/// Else a handler would put a lock of its own around it, and trust that alone.
fn says_that_it_is_conditional(provider: &dyn ConditionalProvider) -> Result<(), Failure> {
    match provider.as_conditional() {
        Some(_) => Ok(()),
        None => Err(Failure::new(
            "capability",
            "as_conditional gives nothing, so the conditional methods are never called",
        )),
    }
}
