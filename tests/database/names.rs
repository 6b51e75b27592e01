//! Code depends on the names of constraints, and operators on the comments, so neither is left to chance.

use crate::{OURS, all_migrations, create_database, texts};

#[tokio::test]
async fn everything_has_a_comment() {
    let database = create_database().await;
    let sql = format!(
        "select c.relname::text, coalesce(a.attname::text, '')
        from pg_class c
        left join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped and c.relkind <> 'v'
        where {OURS} and c.relkind in ('r', 'p', 'v', 'm')
        and (obj_description(c.oid, 'pg_class') is null
            or a.attnum is not null and col_description(c.oid, a.attnum) is null)
        order by c.relname, a.attnum"
    );
    assert_eq!(texts::<2>(&database, &sql).await, Vec::<[String; 2]>::new());
}

#[tokio::test]
async fn constraints_are_named_by_hand() {
    let database = create_database().await;
    let written = words_after("constraint");
    let sql = format!(
        "select c.relname::text, k.conname::text, k.contype::text
        from pg_constraint k
        join pg_class c on c.oid = k.conrelid
        where {OURS} and k.contype in ('p', 'f', 'u', 'c', 'x')"
    );
    let found = texts::<3>(&database, &sql).await;
    assert!(found.len() > 50, "{found:?}");
    for [table, name, kind] in found {
        let end = match kind.as_str() {
            "p" => "pkey",
            "f" => "fkey",
            "u" => "key",
            "c" => "check",
            _ => "excl",
        };
        let fits = name.starts_with(&format!("{table}_")) && name.ends_with(&format!("_{end}"));
        assert!(fits, "{name} should read {table}_..._{end}");
        assert!(written.contains(&name), "no migration spells out {name}");
    }
}

#[tokio::test]
async fn indexes_are_named_by_hand() {
    let database = create_database().await;
    let written = words_after("index");
    let sql = format!(
        "select t.relname::text, c.relname::text, case when i.indisunique then 'key' else 'idx' end
        from pg_index i
        join pg_class c on c.oid = i.indexrelid
        join pg_class t on t.oid = i.indrelid
        where {OURS} and t.relname !~ '^__diesel'
        and not exists (select from pg_constraint k where k.conindid = c.oid and k.contype in ('p', 'u', 'x'))"
    );
    let found = texts::<3>(&database, &sql).await;
    assert!(found.len() > 5, "{found:?}");
    for [table, name, end] in found {
        let fits = name.starts_with(&format!("{table}_")) && name.ends_with(&format!("_{end}"));
        assert!(fits, "{name} should read {table}_..._{end}");
        assert!(written.contains(&name), "no migration spells out {name}");
    }
}

/// What follows a keyword anywhere in the migrations.
fn words_after(keyword: &str) -> Vec<String> {
    let sql: String = all_migrations()
        .into_iter()
        .map(|migration| migration.up + "\n")
        .collect();
    let words: Vec<&str> = sql.split_ascii_whitespace().collect();
    words
        .windows(2)
        .filter(|pair| pair[0].eq_ignore_ascii_case(keyword))
        .map(|pair| pair[1].to_owned())
        .collect()
}
