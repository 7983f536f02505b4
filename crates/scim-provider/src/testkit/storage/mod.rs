//! The suite for [`Storage`]: every promise in the contract of that trait.

mod cancellation;
mod former;
mod hidden;
mod isolation;
mod links;
mod named;
mod octets;
mod paging;
mod races;
mod refusals;
mod requirements;
mod rivals;
mod selections;
mod space;
mod stamps;
mod times;
mod unique;
mod unsupported;
mod view;
mod writes;

use std::sync::Arc;

use super::race::multi_threaded;
use super::{Config, Failure};
use crate::Storage;

pub use cancellation::cancelled_commits_happen_wholly_or_not_at_all;
pub use former::{former_versions_are_dropped_with_age, former_versions_are_kept_within_bounds};
pub use hidden::hidden_attributes_come_back_unchanged;
pub use isolation::{requirements_stay_within_their_scope, scopes_do_not_touch};
pub use links::{links_are_read_as_selected, links_change_one_by_one, targets_of_links_are_known};
pub use named::{
    ids_select_what_is_there, links_select_each_record_once, many_keys_are_one_selection,
};
pub use octets::{octets_come_back_unchanged, octets_tell_records_apart};
pub use paging::{offsets_and_cursors_reach_every_record, pages_are_ordered_by_the_octets_of_ids};
pub use races::{
    counter_in_turn_loses_nothing, counter_on_threads_loses_nothing, pages_show_one_state,
    reads_are_current,
};
pub use refusals::{refusals_come_in_order, the_first_of_a_kind_is_refused};
pub use requirements::{
    existing_is_judged_after_the_writes, references_are_judged_after_the_writes,
};
pub use rivals::{
    members_never_dangle, one_create_of_a_unique_key_wins, one_rename_to_a_unique_key_wins,
    one_write_of_a_version_wins, update_and_delete_of_one_version_exclude_each_other,
};
pub use selections::selections_follow_the_writes;
pub use stamps::stamps_come_back_unchanged;
pub use times::ranges_have_both_their_ends;
pub use unique::{unique_keys_are_freed_and_passed_on, unique_keys_are_refused};
pub use unsupported::unsupported_commits_are_refused;
pub use writes::{
    commits_are_all_or_nothing, creates_only_where_nothing_is, missing_records_are_refused,
    stale_writes_write_nothing, updates_change_what_they_name,
};

/// All checks of the suite, one after the other, up to the first that fails.
///
/// # Errors
///
/// The first [`Failure`]; that of the check `runtime` if the runtime is
/// single-threaded.
pub async fn run_all(storage: Arc<dyn Storage>, config: &Config) -> Result<(), Failure> {
    multi_threaded()?;
    let storage = &storage;
    // First, since in all others a record is the same only if its stamp is.
    stamps_come_back_unchanged(storage).await?;
    // Next, since all that follow rely on having a tenant to themselves.
    scopes_do_not_touch(storage).await?;

    creates_only_where_nothing_is(storage).await?;
    missing_records_are_refused(storage).await?;
    stale_writes_write_nothing(storage).await?;
    updates_change_what_they_name(storage).await?;
    commits_are_all_or_nothing(storage).await?;
    octets_come_back_unchanged(storage).await?;
    octets_tell_records_apart(storage).await?;
    existing_is_judged_after_the_writes(storage).await?;
    references_are_judged_after_the_writes(storage).await?;
    requirements_stay_within_their_scope(storage).await?;
    unique_keys_are_refused(storage).await?;
    unique_keys_are_freed_and_passed_on(storage).await?;
    refusals_come_in_order(storage).await?;
    the_first_of_a_kind_is_refused(storage).await?;
    unsupported_commits_are_refused(storage).await?;
    links_change_one_by_one(storage).await?;
    links_are_read_as_selected(storage).await?;
    targets_of_links_are_known(storage).await?;
    hidden_attributes_come_back_unchanged(storage).await?;
    links_select_each_record_once(storage).await?;
    ids_select_what_is_there(storage).await?;
    ranges_have_both_their_ends(storage).await?;
    many_keys_are_one_selection(storage).await?;
    selections_follow_the_writes(storage).await?;
    pages_are_ordered_by_the_octets_of_ids(storage).await?;
    offsets_and_cursors_reach_every_record(storage).await?;

    cancelled_commits_happen_wholly_or_not_at_all(storage, config).await?;
    counter_in_turn_loses_nothing(storage, config).await?;
    counter_on_threads_loses_nothing(storage, config).await?;
    one_write_of_a_version_wins(storage, config).await?;
    update_and_delete_of_one_version_exclude_each_other(storage, config).await?;
    one_create_of_a_unique_key_wins(storage, config).await?;
    one_rename_to_a_unique_key_wins(storage, config).await?;
    members_never_dangle(storage, config).await?;
    pages_show_one_state(storage, config).await?;
    reads_are_current(storage, config).await?;

    former_versions_are_kept_within_bounds(storage).await?;
    former_versions_are_dropped_with_age(storage).await
}
