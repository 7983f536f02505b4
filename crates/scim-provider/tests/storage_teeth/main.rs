//! Stores that each break one promise: the suite must reject every one, and by
//! the check that is about this promise.

mod broken;
mod contradictions;
mod formers;
mod hidden;
mod keys;
mod races;
mod reads;
mod selections;
mod stamps;
mod writes;

use std::sync::Arc;
use std::time::Duration;

use scim_provider::testkit::{Config, storage};

use self::broken::{Broken, Fault, Faultless};

/// The check by which the suite rejects a store with this fault.
async fn rejected<F: Fault + 'static>(fault: F) -> &'static str {
    let config = Config::default()
        .with_rounds(100)
        .with_patience(Duration::from_millis(100));
    match storage::run_all(Arc::new(Broken::with(fault)), &config).await {
        Ok(()) => "none",
        Err(failure) => failure.check(),
    }
}

macro_rules! rejects {
    ($($name:ident: $fault:expr => $check:literal;)*) => {$(
        #[tokio::test(flavor = "multi_thread")]
        async fn $name() {
            assert_eq!(rejected($fault).await, $check);
        }
    )*};
}

rejects! {
    versions_kept_short_and_without_case: stamps::VersionsShortAndFolded
        => "stamps_come_back_unchanged";
    versions_compared_without_case: stamps::WITHOUT_CASE
        => "stale_writes_write_nothing";
    versions_cut_before_they_are_compared: stamps::CUT
        => "stale_writes_write_nothing";
    versions_compared_by_their_beginning: stamps::BY_ITS_BEGINNING
        => "stale_writes_write_nothing";
    a_creation_forgotten: stamps::CREATED_FORGOTTEN
        => "stamps_come_back_unchanged";
    creation_in_milliseconds: stamps::CREATED_IN_MILLISECONDS
        => "stamps_come_back_unchanged";
    creation_without_a_sign: stamps::CREATED_UNSIGNED
        => "stamps_come_back_unchanged";
    creation_in_31_bits: stamps::CREATED_BEFORE_2038
        => "stamps_come_back_unchanged";

    a_key_written_twice: contradictions::KeyTwice
        => "unsupported_commits_are_refused";
    a_link_created_twice: contradictions::LinkTwice { in_creates: true, in_updates: false }
        => "unsupported_commits_are_refused";
    a_link_added_twice: contradictions::LinkTwice { in_creates: false, in_updates: true }
        => "unsupported_commits_are_refused";
    a_requirement_of_another_scope_ignored: contradictions::ForeignRequirementIgnored
        => "unsupported_commits_are_refused";
    a_commit_shared_out_among_scopes: contradictions::ScopeByScope
        => "unsupported_commits_are_refused";

    a_scope_forgotten_in_the_key: keys::SCOPE_FORGOTTEN
        => "scopes_do_not_touch";
    tenants_compared_without_case: keys::TENANT_FOLDED
        => "scopes_do_not_touch";
    values_compared_without_case: keys::ValuesFolded
        => "octets_tell_records_apart";
    ids_without_trailing_blanks: keys::IdsTrimmed
        => "octets_come_back_unchanged";
    documents_printed_anew: keys::DocumentsReprinted
        => "octets_come_back_unchanged";

    hidden_attributes_forgotten: hidden::ForgottenOnUpdate
        => "hidden_attributes_come_back_unchanged";
    hidden_attributes_that_outlive_their_content: hidden::KeptOnUpdate
        => "hidden_attributes_come_back_unchanged";
    hidden_attributes_not_on_pages: hidden::MissingOnPages
        => "hidden_attributes_come_back_unchanged";
    nothing_hidden_and_nothing_in_it_confused: hidden::NothingIsEmpty
        => "hidden_attributes_come_back_unchanged";

    the_links_of_today_in_a_former_version: formers::Read::LinksOfToday
        => "former_versions_are_kept_within_bounds";
    hidden_attributes_in_a_former_version: formers::Read::HiddenShown
        => "former_versions_are_kept_within_bounds";
    a_former_version_replaced_when_it_was_made: formers::Read::ReplacedAtOnce
        => "former_versions_are_kept_within_bounds";
    the_current_version_taken_for_a_former_one: formers::Read::CurrentToo
        => "former_versions_are_kept_within_bounds";
    former_versions_promised_and_not_kept: formers::Read::Nothing
        => "former_versions_are_kept_within_bounds";
    more_former_versions_than_wanted: formers::Bounds::NO_COUNT
        => "former_versions_are_kept_within_bounds";
    more_octets_of_former_versions_than_wanted: formers::Bounds::NO_OCTETS
        => "former_versions_are_kept_within_bounds";
    former_versions_that_nobody_wanted: formers::Bounds::ALWAYS
        => "former_versions_are_kept_within_bounds";
    former_versions_older_than_wanted: formers::Bounds::NO_AGE
        => "former_versions_are_dropped_with_age";

    a_create_that_overwrites: writes::CreateOverwrites
        => "creates_only_where_nothing_is";
    a_delete_that_asks_for_no_version: writes::DeleteUnconditional
        => "stale_writes_write_nothing";
    links_added_before_the_version_is_compared: writes::LinksAddedFirst
        => "stale_writes_write_nothing";
    writes_of_a_commit_one_by_one: writes::OneByOne
        => "commits_are_all_or_nothing";
    duplicates_told_before_mismatches: writes::DuplicatesFirst
        => "refusals_come_in_order";
    existence_not_required: writes::ExistsIgnored
        => "existing_is_judged_after_the_writes";
    references_not_looked_for: writes::UnreferencedIgnored
        => "references_are_judged_after_the_writes";
    references_without_the_type_of_their_target: writes::NamesakesCounted
        => "references_are_judged_after_the_writes";
    unique_keys_judged_before_the_writes: writes::UniqueBefore
        => "unique_keys_are_freed_and_passed_on";
    added_links_taken_for_all: writes::LinksReplaced
        => "links_change_one_by_one";

    a_record_for_each_of_its_links: selections::OnceForEachLink
        => "links_select_each_record_once";
    several_links_taken_for_the_first: selections::FIRST_LINK_ONLY
        => "links_select_each_record_once";
    an_id_that_finds_another_type: selections::IdsOfAnyType
        => "ids_select_what_is_there";
    an_id_that_is_read_twice: selections::IdsOneByOne
        => "ids_select_what_is_there";
    ids_in_the_order_of_the_question: selections::IdsAsAsked
        => "ids_select_what_is_there";
    no_ids_taken_for_all: selections::NO_IDS_ARE_ALL
        => "ids_select_what_is_there";
    a_range_without_its_beginning: selections::BEGINNING_EXCLUDED
        => "ranges_have_both_their_ends";
    a_range_without_its_end: selections::END_EXCLUDED
        => "ranges_have_both_their_ends";
    a_range_in_milliseconds: selections::RANGE_IN_MILLISECONDS
        => "ranges_have_both_their_ends";
    a_time_that_moves_with_the_content_only: selections::TimeOfContent::default()
        => "ranges_have_both_their_ends";
    more_keys_than_a_statement_has_places: selections::FewPlaces
        => "many_keys_are_one_selection";
    the_first_links_in_no_order: selections::SomeLinks
        => "links_are_read_as_selected";
    more_links_than_were_asked_for: selections::AllLinks
        => "links_are_read_as_selected";
    targets_taken_for_none: reads::NoTargets
        => "targets_of_links_are_known";

    a_total_of_the_page_only: reads::TotalOfPage
        => "offsets_and_cursors_reach_every_record";
    a_cursor_forgotten: reads::CursorForgotten
        => "offsets_and_cursors_reach_every_record";
    a_cursor_of_some_selections_forgotten: reads::CursorOfAllOnly
        => "offsets_and_cursors_reach_every_record";
    a_page_read_in_two_steps: reads::PageInTwoSteps
        => "pages_show_one_state";
    a_total_read_apart: reads::TotalApart
        => "pages_show_one_state";
    reads_from_a_replica_that_lags: reads::Replica
        => "reads_are_current";

    a_lock_that_a_dropped_commit_keeps: races::LockKept::default()
        => "cancelled_commits_happen_wholly_or_not_at_all";
    an_index_written_after_the_commit: races::IndexAfterwards
        => "cancelled_commits_happen_wholly_or_not_at_all";
    check_then_write_with_a_suspension_between: races::CheckThenWrite { suspends: true }
        => "counter_in_turn_loses_nothing";
    check_then_write_without_a_suspension: races::CheckThenWrite { suspends: false }
        => "counter_on_threads_loses_nothing";
    a_unique_key_judged_outside_the_lock: races::UniqueOutsideLock
        => "one_create_of_a_unique_key_wins";
    requirements_judged_outside_the_lock: races::RequirementsOutsideLock
        => "members_never_dangle";
}

#[tokio::test(flavor = "multi_thread")]
async fn a_store_without_a_fault_passes() {
    let config = Config::default().with_rounds(3).with_increments(20);
    storage::run_all(Arc::new(Broken::with(Faultless)), &config)
        .await
        .unwrap();
}
