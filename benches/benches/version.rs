//! Versions and entity tags beside the bare cost: SHA-256 of the same octets.

use std::hint::black_box;
use std::time::Duration;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use scim_benches::document::user;
use scim_ops::version::{ETag, Precondition, ScimVersion};
use sha2::{Digest, Sha256};

fn versions(criterion: &mut Criterion) {
    let user = user();
    let octets = user.to_string().into_bytes();
    let mut group = criterion.benchmark_group("version");
    group.throughput(Throughput::Bytes(
        octets.len().try_into().expect("a user is small"),
    ));
    group.bench_function("sha256 alone", |b| {
        b.iter(|| Sha256::digest(black_box(&octets)))
    });
    group.bench_function("of octets", |b| {
        b.iter(|| ScimVersion::from_content(black_box(&octets)));
    });
    group.bench_function("of a parsed resource", |b| {
        b.iter(|| ScimVersion::from_resource(black_box(&user)));
    });
    group.finish();
}

fn tags(criterion: &mut Criterion) {
    let version = ScimVersion::from_content("a user");
    let header = version.to_http_header();
    let list = [&*header; 10].join(", ");
    let mut group = criterion.benchmark_group("entity tag");
    group.bench_function("print", |b| b.iter(|| black_box(&version).to_http_header()));
    group.bench_function("parse", |b| b.iter(|| ETag::parse(black_box(&*header))));
    group.bench_function("parse as a version", |b| {
        b.iter(|| ScimVersion::parse_http_header(black_box(&header)));
    });
    group.bench_function("parse a list of ten", |b| {
        b.iter(|| Precondition::parse([black_box(&*list)]));
    });
    group.finish();
}

criterion_group! {
    name = benches;
    config = Criterion::default()
        .warm_up_time(Duration::from_secs(1))
        .measurement_time(Duration::from_secs(3));
    targets = versions, tags
}
criterion_main!(benches);
