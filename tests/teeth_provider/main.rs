//! The conditional suite of the test kit has teeth: each provider here breaks one promise, and
//! is rejected by the check that is named.

mod cancelled;
mod flaw;
mod lists;
mod parts;
mod plain;
mod races;
mod reads;
mod refusals;
mod secrets;
mod versions;

use std::sync::Arc;
use std::time::Duration;

use scim_provider::testkit::conditional::Sample;
use scim_provider::testkit::{Config, conditional};
use scim_provider::{
    ConditionalProvider, InMemoryProvider, InMemoryStorage, StandardResourceProvider,
};

use cancelled::{
    CreatesInTwoAwaits, DeletesInTwoAwaits, LeaksItsLock, TakesTheNameFirst, WritesInTwoAwaits,
};
use flaw::{Broken, Flaw};
use lists::{Lists, Wrong};
use parts::{Part, Parts};
use plain::{Plain, PlainMethods};
use races::{
    Between, CheckThenWrite, DeletedByARival, PageOfTwoReads, UniqueOutsideTheLock, UpdateIsUpsert,
};
use reads::{ListShowsOther, NotCapable, TypeForgotten, TypeNotListedBy};
use refusals::{
    MismatchIsSuccess, SameBeforeStale, StaleDeleteDeletes, TenantForgotten, UpdateResurrects,
};
use secrets::{HashedEveryTime, LostByAWriteWithout, ShownToItsWriter};
use versions::{AttributeNotCovered, NothingNewBumps, VersionComesBack};

/// For flaws that show whenever they are looked for. The counters, which take most of the time,
/// need not count high for them.
fn quick() -> Config {
    Config::default()
        .with_increments(20)
        .with_patience(Duration::from_millis(200))
}

/// Enough rounds for races without a suspension to be met every time.
fn racy() -> Config {
    quick().with_rounds(200)
}

/// `provider` is rejected, by one of `checks`.
async fn rejected_by(checks: &[&str], provider: impl ConditionalProvider, config: &Config) {
    let result = conditional::run_all(Arc::new(provider), config).await;
    let failure = result.expect_err(checks[0]);
    assert!(checks.contains(&failure.check()), "{failure}");
}

/// A provider with `flaw` is rejected by `check`, every time.
async fn is_rejected_by(check: &str, flaw: impl Flaw) {
    rejected_by(&[check], Broken(flaw), &quick()).await;
}

/// Else it would be the wrapper that is rejected.
#[tokio::test(flavor = "multi_thread")]
async fn a_provider_without_a_flaw_passes() {
    struct Flawless(InMemoryProvider);
    impl Flaw for Flawless {
        fn inner(&self) -> &dyn ConditionalProvider {
            &self.0
        }
    }
    let flawless = Arc::new(Broken(Flawless(InMemoryProvider::default())));
    assert_eq!(
        conditional::run_all(flawless, &Config::default()).await,
        Ok(())
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn check_then_write_is_rejected_without_a_suspension() {
    check_then_write_is_rejected(Between::Nothing).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn check_then_write_is_rejected_with_a_suspension() {
    check_then_write_is_rejected(Between::Suspension).await;
}

async fn check_then_write_is_rejected(between: Between) {
    let inner = InMemoryProvider::default();
    let provider = Broken(CheckThenWrite { inner, between });
    let config = racy().with_increments(500);
    rejected_by(&["counter_on_threads"], provider, &config).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_unique_key_judged_outside_the_lock_is_rejected() {
    for between in [Between::Nothing, Between::Suspension] {
        let inner = InMemoryStorage::new();
        let provider = StandardResourceProvider::new(UniqueOutsideTheLock { inner, between });
        // Should creates never meet, renames do, or one of them and a deletion.
        let checks = [
            "racing_creates_have_one_winner",
            "racing_renames_have_one_winner",
            "name_stays_free_of_duplicates",
        ];
        rejected_by(&checks, provider, &racy()).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_of_two_reads_is_rejected() {
    for between in [Between::Nothing, Between::Suspension] {
        let inner = InMemoryProvider::default();
        let provider = Broken(PageOfTwoReads { inner, between });
        rejected_by(&["page_is_one_state"], provider, &racy()).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_update_that_puts_back_what_a_rival_deleted_is_rejected() {
    let provider = StandardResourceProvider::new(UpdateIsUpsert::default());
    // The first sometimes is enough, the second always.
    let checks = ["update_or_delete", "delete_among_updates_is_final"];
    rejected_by(&checks, provider, &racy()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_tenant_forgotten_in_the_key_is_rejected() {
    let provider = StandardResourceProvider::new(TenantForgotten::default());
    rejected_by(&["tenants_do_not_touch"], provider, &quick()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_update_that_brings_back_what_was_deleted_is_rejected() {
    is_rejected_by("deleted_resource_stays_away", UpdateResurrects::default()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mismatch_reported_as_success_is_rejected() {
    is_rejected_by("stale_update_writes_nothing", MismatchIsSuccess::default()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stale_update_that_says_the_same_and_is_acknowledged_is_rejected() {
    is_rejected_by("stale_update_writes_nothing", SameBeforeStale::default()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stale_delete_that_deletes_is_rejected() {
    is_rejected_by("stale_delete_writes_nothing", StaleDeleteDeletes::default()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_version_that_does_not_cover_an_attribute_is_rejected() {
    is_rejected_by(
        "version_covers_every_attribute",
        AttributeNotCovered::default(),
    )
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_version_that_comes_back_within_one_tick_is_rejected() {
    is_rejected_by("version_never_comes_back", VersionComesBack::default()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn writing_nothing_new_under_a_new_version_is_rejected() {
    is_rejected_by("nothing_new_changes_nothing", NothingNewBumps::default()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_write_in_two_awaits_is_rejected() {
    is_rejected_by(
        "dropped_write_is_whole_or_absent",
        WritesInTwoAwaits::default(),
    )
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lock_that_a_dropped_write_keeps_is_rejected() {
    is_rejected_by("dropped_write_is_whole_or_absent", LeaksItsLock::default()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_provider_that_does_not_say_that_it_is_conditional_is_rejected() {
    is_rejected_by("capability", NotCapable::default()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_list_that_shows_something_else_than_a_read_is_rejected() {
    is_rejected_by("pages_cover_all_in_order", ListShowsOther::default()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_filter_that_is_half_obeyed_is_rejected() {
    for wrong in [
        Wrong::FilterIgnored,
        Wrong::FirstTermOnly,
        Wrong::PageFiltered,
        Wrong::TotalOfAll,
    ] {
        is_rejected_by("filters_find_what_matches", Lists::with(wrong)).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_order_that_is_half_obeyed_is_rejected() {
    for wrong in [Wrong::SortIgnored, Wrong::PageSorted] {
        is_rejected_by("sorted_lists_are_in_order", Lists::with(wrong)).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cursor_that_leads_astray_is_rejected() {
    for wrong in [
        Wrong::CursorIgnored,
        Wrong::CursorIsOffset,
        Wrong::CursorNeedsItsResource,
        Wrong::GarbledCursorIsNone,
        Wrong::LastPageRepeated,
    ] {
        let provider = Lists::with(wrong);
        is_rejected_by("cursors_lead_to_every_resource", provider).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cursor_that_leads_astray_among_rivals_is_rejected() {
    let provider = Broken(Lists::with(Wrong::CursorInTwoReads));
    rejected_by(&["cursors_hold_while_others_write"], provider, &racy()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_provider_that_refuses_filters_orders_and_cursors_passes() {
    let provider = Arc::new(Broken(Lists::with(Wrong::NothingButPages)));
    assert_eq!(conditional::run_all(provider, &quick()).await, Ok(()));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_type_forgotten_in_the_key_is_rejected() {
    is_rejected_by("types_do_not_touch", TypeForgotten::default()).await;
    is_rejected_by("types_do_not_touch", TypeNotListedBy::default()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn plain_methods_that_forget_the_tenant_are_rejected() {
    for flaw in [
        Plain::GetForgetsTheTenant,
        Plain::UpdateForgetsTheTenant,
        Plain::DeleteForgetsTheTenant,
        Plain::ListForgetsTheTenant,
    ] {
        is_rejected_by("tenants_do_not_touch", PlainMethods::with(flaw)).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn plain_methods_that_do_something_else_are_rejected() {
    for flaw in [
        Plain::GetShowsOther,
        Plain::ListShowsOther,
        Plain::UpdateWritesNothing,
        Plain::DeleteDeletesNothing,
    ] {
        is_rejected_by("plain_methods_agree", PlainMethods::with(flaw)).await;
    }
    // What is not there is looked for in another tenant first.
    for flaw in [Plain::UpdateCreates, Plain::DeleteOfNothingSucceeds] {
        is_rejected_by("tenants_do_not_touch", PlainMethods::with(flaw)).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_delete_that_is_acknowledged_twice_is_rejected() {
    for between in [Between::Nothing, Between::Suspension] {
        let inner = InMemoryProvider::default();
        let provider = Broken(DeletedByARival { inner, between });
        rejected_by(&["one_delete_has_one_winner"], provider, &racy()).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_name_that_a_dropped_create_keeps_is_rejected() {
    is_rejected_by(
        "dropped_write_is_whole_or_absent",
        TakesTheNameFirst::default(),
    )
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_create_in_two_awaits_is_rejected() {
    is_rejected_by(
        "dropped_write_is_whole_or_absent",
        CreatesInTwoAwaits::default(),
    )
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_delete_in_two_awaits_is_rejected() {
    is_rejected_by(
        "dropped_write_is_whole_or_absent",
        DeletesInTwoAwaits::default(),
    )
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_part_that_is_half_obeyed_is_rejected() {
    for (wrong, check) in [
        (Part::ShowsAll, "part_is_read_as_selected"),
        (Part::OwnVersion, "part_is_read_as_selected"),
        (Part::OthersForgotten, "part_leaves_the_rest_alone"),
        (Part::NothingRemoved, "part_leaves_the_rest_alone"),
        (Part::LinksOnly, "part_leaves_the_rest_alone"),
        (Part::AnswersWithAll, "part_leaves_the_rest_alone"),
        (
            Part::NothingNewBumps,
            "part_that_says_the_same_changes_nothing",
        ),
        (Part::InvalidBeforeStale, "stale_part_writes_nothing"),
        (Part::SameBeforeStale, "stale_part_writes_nothing"),
    ] {
        parts_are_rejected_by(&[check], wrong, &quick()).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_part_merged_into_what_was_read_before_is_rejected() {
    for between in [Between::Nothing, Between::Suspension] {
        let checks = [
            "parts_on_threads_lose_nothing",
            "parts_in_turn_lose_nothing",
        ];
        parts_are_rejected_by(&checks, Part::MergedIntoStale(between), &racy()).await;
    }
}

/// Else it would be the wrapper that is rejected.
#[tokio::test(flavor = "multi_thread")]
async fn parts_without_a_flaw_pass() {
    let provider = Arc::new(Broken(Parts::with(Part::Flawless)));
    let result = conditional::run_all_with(provider, &Sample::groups(), &quick()).await;
    assert_eq!(result, Ok(()));
}

async fn parts_are_rejected_by(checks: &[&str], wrong: Part, config: &Config) {
    let provider = Arc::new(Broken(Parts::with(wrong)));
    let result = conditional::run_all_with(provider, &Sample::groups(), config).await;
    let failure = result.expect_err(checks[0]);
    assert!(checks.contains(&failure.check()), "{failure}");
}

async fn is_rejected_with_a_password(flaw: impl Flaw) {
    let users = Sample::users().with_secret("password");
    let result = conditional::run_all_with(Arc::new(Broken(flaw)), &users, &quick()).await;
    let failure = result.expect_err("a flaw");
    assert_eq!(
        failure.check(),
        "secret_is_kept_and_never_shown",
        "{failure}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_password_that_is_shown_is_rejected() {
    is_rejected_with_a_password(ShownToItsWriter::default()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_password_that_a_write_without_it_loses_is_rejected() {
    is_rejected_with_a_password(LostByAWriteWithout::default()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_password_that_is_hashed_every_time_is_rejected() {
    is_rejected_with_a_password(HashedEveryTime::default()).await;
}
