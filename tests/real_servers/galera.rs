use scim_tests::databases::{Galera, or_left_out};

#[test]
#[ignore = "takes a minute: a cluster needs that to see that a node is gone"]
fn a_node_that_was_killed_has_what_the_others_wrote_meanwhile() {
    let Some(galera) = or_left_out(Galera::start()) else {
        return;
    };
    galera.database("test");
    galera.sql(0, "test", "CREATE TABLE t (n integer PRIMARY KEY)");
    for (n, node) in [1, 0].into_iter().enumerate() {
        galera.kill(node);
        galera.sql(2, "test", &format!("INSERT INTO t VALUES ({n})"));
        galera.restart(node);
        for node in 0..galera.nodes() {
            let count = "SET wsrep_sync_wait = 1; SELECT count(*) FROM t";
            assert_eq!(galera.sql(node, "test", count), format!("{}\n", n + 1));
        }
    }
}
