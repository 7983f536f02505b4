//! The same requests over sockets to the same application in each framework: conditional requests,
//! errors and limits must not depend on who serves them.

#![expect(clippy::unwrap_used, reason = "a test that can't go on fails")]
#![expect(
    clippy::duplicate_mod,
    reason = "each example is a program with an application of its own"
)]

mod conditional;
mod errors;
mod limits;
mod lines;
mod notes;
mod server;

/// The examples, whose `main` nobody calls here.
macro_rules! example {
    ($name:ident, $path:literal) => {
        #[path = $path]
        #[expect(dead_code, reason = "the test serves on a port of its own")]
        mod $name;
    };
}

example!(with_actix_web, "../actix_web.rs");
example!(with_axum, "../axum.rs");
example!(with_hyper, "../hyper.rs");
example!(with_warp, "../warp.rs");

macro_rules! each {
    ($serve:path: $($module:ident::$case:ident)*) => {$(
        #[test]
        fn $case() {
            crate::$module::$case(&crate::server::Server::start($serve));
        }
    )*};
}

/// One module of tests for each framework, the same in each.
macro_rules! suite {
    ($($framework:ident: $serve:path;)*) => {$(
        mod $framework {
            each! { $serve:
                conditional::a_version_goes_round
                conditional::a_stale_write_changes_nothing
                conditional::a_precondition_that_cannot_be_read_changes_nothing
                conditional::several_lines_are_one_list
                conditional::no_increment_is_lost
                errors::each_error_is_one_of_scim
                errors::parameters_arrive_as_they_were_sent
                limits::a_body_beyond_the_limit_is_refused
                limits::a_precondition_beyond_the_limit_is_refused
                notes::a_note_has_versions
                notes::a_note_is_replaced_only_as_it_was_seen
                notes::no_increment_of_a_note_is_lost
            }
        }
    )*};
}

suite! {
    actix_web: crate::with_actix_web::serve;
    axum: crate::with_axum::serve;
    hyper: crate::with_hyper::serve;
    warp: crate::with_warp::serve;
}
