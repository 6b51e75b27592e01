//! What is answered when the server cannot: limits, a write under way, a database that is broken or away.

use tokio_postgres::NoTls;
use vertebra::access::Scope;

use super::{Operation, World, builder, declaring};
use crate::support::{app::TestApp, cluster::cluster, poll};

#[test]
fn who_comes_too_often_is_refused_everywhere() {
    let app = TestApp::builder()
        .set("VERTEBRA_KEY_ATTEMPTS", "1,1/day")
        .set("VERTEBRA_SUBMISSIONS", "1,1/day");
    let world = World::with(app.start());
    let guess = |operation: &Operation| match operation.is_admin() {
        true => world.call(operation).header("authorization", "Bearer guess"),
        false => world.call(operation),
    };
    for operation in declaring("429") {
        // The first may be let in: another one is counted apart.
        guess(&operation).send(&world.app);
        guess(&operation).gets(&world.app, 429, &["too_many_requests"]);
    }
}

#[test]
fn a_write_under_way_is_not_begun_again_anywhere() {
    let world = World::with(builder().set("VERTEBRA_DATABASE_TIMEOUT_MS", "30000").start());
    let app = &world.app;
    let (other, connection) = app
        .block_on(tokio_postgres::connect(app.database_url(), NoTls))
        .expect("the database answers");
    app.block_on(async { drop(tokio::spawn(connection)) });
    let run = |sql: &str| app.block_on(other.batch_execute(sql)).expect("it runs");
    run("begin; lock table documents in share mode");
    let key = "01a2097f-1116-77af-986c-a21b1d5b17f6";
    std::thread::scope(|threads| {
        let firsts = [world.named(true, "createTopic"), world.submission()].map(|call| {
            let call = call.header("idempotency-key", key);
            threads.spawn(move || call.send(app).status)
        });
        let begun = "select from pg_locks where locktype = 'advisory' and objsubid = 1 and database = \
            (select oid from pg_database where datname = current_database())";
        poll::until("both writes have begun", || app.rows(begun).len() == 2);
        let takes_key = |operation: &Operation| operation.takes("Idempotency-Key");
        for operation in declaring("409").into_iter().filter(takes_key) {
            let call = world.call(&operation).header("idempotency-key", key);
            call.gets(app, 409, &["request_in_progress"]);
        }
        run("rollback");
        let ended = firsts.map(|first| first.join().expect("it is answered"));
        assert_eq!(ended, [201, 202]);
    });
}

/// Takes everything away but the keys, so that nothing fails before the operation itself, and makes one key
/// that cannot be read.
const BREAK: &str = "
    alter table api_keys drop constraint api_keys_scopes_check;
    update api_keys set scopes = array['keys', null] where name = 'broken';
    do $$
    declare found record;
    begin
        for found in select table_name from information_schema.tables
            where table_schema = 'public' and table_name <> 'api_keys'
        loop
            execute format('alter table %I rename to %I', found.table_name, 'gone_' || found.table_name);
        end loop;
    end $$";

#[test]
fn a_broken_database_is_our_fault_everywhere() {
    let mut world = World::with_demo();
    world.app.key(&[Scope::Keys]);
    let broken = "update api_keys set name = 'broken' where scopes = array['keys'] returning id::text";
    let broken: String = world.app.rows(broken)[0].get(0);
    world.things.insert((true, "keys"), broken);
    world.app.sql(BREAK);
    for operation in declaring("500") {
        world.call(&operation).gets(&world.app, 500, &["internal"]);
    }
}

/// Lets nobody into the database any more, and sends away who is there.
fn close(app: &TestApp) {
    let name: String = app.rows("select current_database()::text")[0].get(0);
    app.block_on(async {
        let (client, connection) = tokio_postgres::connect(cluster(), NoTls).await.expect("it answers");
        tokio::spawn(connection);
        let sql = format!(
            "alter database \"{name}\" allow_connections false;
             select pg_terminate_backend(pid) from pg_stat_activity where datname = '{name}'"
        );
        client.batch_execute(&sql).await.expect("it runs");
    });
}

#[test]
fn a_database_that_is_away_is_told_everywhere() {
    let world = World::empty();
    close(&world.app);
    for operation in declaring("503") {
        world.call(&operation).gets(&world.app, 503, &["database_unavailable"]);
    }
}
