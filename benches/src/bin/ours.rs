//! Our side of `compare`.

use scim_benches::ours::Ours;
use scim_benches::shared::comparison::run;

fn main() {
    run::<Ours>();
}
