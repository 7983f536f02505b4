//! What versions and conditions cost beside the bare step: both measured alternately in one run.
//!
//! Each time is the least of the rounds: neighbours on the processor slow a hash, which waits for itself, less than code with
//! branches, so that a ratio of medians would tell how busy the machine was.

use std::hint::black_box;
use std::time::Duration;

use scim_benches::document::{numbered_user, retitle, user};
use scim_benches::ours::Ours;
use scim_benches::report::{self, Rounds, head, ratio, row, time};
use scim_benches::resident::resident;
use scim_benches::shared::comparison::Subject;
use scim_benches::stopwatch::nanoseconds;
use scim_ops::version::ScimVersion;
use sha2::{Digest, Sha256};
use tokio::runtime::Builder;

const ROUNDS: usize = 15;
const BUDGET: Duration = Duration::from_millis(60);
const LARGEST: usize = 100_000;

fn main() {
    let runtime = Builder::new_current_thread()
        .build()
        .expect("a runtime starts");
    runtime.block_on(async {
        let before = resident();
        let largest = Ours::default();
        let ids = largest.seed(LARGEST).await;
        let octets = (resident() - before) / LARGEST;

        head(&["measured", "value", "beside", "value", "ratio"]);
        memory(octets);
        versions().await;
        updates(LARGEST, &largest, &ids).await;
        for users in [1, 1_000] {
            let ours = Ours::default();
            let ids = ours.seed(users).await;
            updates(users, &ours, &ids).await;
        }
    });
}

/// Beside the text that a client sends, which is less than what it gets.
fn memory(octets: usize) {
    let json = numbered_user(LARGEST / 2).to_string().len();
    let [octets, json] =
        [octets, json].map(|count| f64::from(u32::try_from(count).expect("users are small")));
    let cells = [
        "memory per user".into(),
        format!("{octets:.0} B"),
        "its JSON text".into(),
        format!("{json:.0} B"),
        ratio(octets, json),
    ];
    row(&cells);
}

async fn versions() {
    let user = user();
    let octets = user.to_string();
    let mut rounds = Rounds::default();
    for _ in 0..ROUNDS {
        let bare = async |()| Sha256::digest(black_box(&octets));
        rounds.add("bare", nanoseconds(BUDGET, async || (), bare).await);
        let of_octets = async |()| ScimVersion::from_content(black_box(&octets));
        rounds.add("octets", nanoseconds(BUDGET, async || (), of_octets).await);
        let parsed = async |()| ScimVersion::from_resource(black_box(&user));
        rounds.add("parsed", nanoseconds(BUDGET, async || (), parsed).await);
    }
    line(
        &rounds,
        ["version of octets", "octets"],
        ["their SHA-256", "bare"],
    );
    line(
        &rounds,
        ["version of a parsed user", "parsed"],
        ["SHA-256 of its text", "bare"],
    );
}

async fn updates(users: usize, ours: &Ours, ids: &[String]) {
    let (place, mut count) = (users / 2, 0);
    let id = &ids[place];
    let mut changed = async || {
        count += 1;
        let mut user = numbered_user(place);
        retitle(&mut user, count);
        user
    };
    let mut rounds = Rounds::default();
    for _ in 0..ROUNDS {
        let bare = async |user| ours.update_unconditionally(id, user).await;
        rounds.add(
            "unconditional",
            nanoseconds(BUDGET, &mut changed, bare).await,
        );
        let mut version = ours.get(id).await.version().clone();
        let conditional = async |user| {
            version = ours
                .update(id, user, &version)
                .await
                .expect("nobody else writes");
        };
        rounds.add(
            "conditional",
            nanoseconds(BUDGET, &mut changed, conditional).await,
        );
    }
    let measured = format!("conditional update, {}", report::users(users));
    line(
        &rounds,
        [&measured, "conditional"],
        ["unconditional update", "unconditional"],
    );
}

fn line(rounds: &Rounds, [label, name]: [&str; 2], [bare_label, bare]: [&str; 2]) {
    let (of, to) = (rounds.least(name), rounds.least(bare));
    row(&[
        label.to_owned(),
        time(of),
        bare_label.to_owned(),
        time(to),
        ratio(of, to),
    ]);
}
