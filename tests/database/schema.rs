//! The columns that the program believes in are those of the database.

use std::collections::BTreeMap;

use crate::{OURS, create_database, texts};

const TABLES: &str = include_str!("../../src/db/schema.rs");
const VIEWS: &str = include_str!("../../src/db/views.rs");

/// The relations by name, with the primary key and the columns in order.
type Relations = BTreeMap<String, Relation>;

#[derive(Debug, Default, PartialEq, Eq)]
struct Relation {
    key: Vec<String>,
    columns: Vec<Column>,
}

#[derive(Debug, PartialEq, Eq)]
struct Column {
    name: String,
    sql_type: String,
}

#[tokio::test]
async fn the_tables_are_those_of_the_database() {
    let declared = parse(TABLES);
    let database = find("r", false).await;
    assert_same(declared, database);
}

#[tokio::test]
async fn the_views_are_those_of_the_database() {
    let mut declared = parse(VIEWS);
    for (name, relation) in &mut declared {
        // PostgreSQL knows no key of a view and calls every column of one nullable.
        for key in relation.key.drain(..) {
            let named = relation.columns.iter().any(|column| column.name == key);
            assert!(named, "the key of {name} names {key}");
        }
        for column in &mut relation.columns {
            column.sql_type = without("Nullable", &column.sql_type).to_owned();
        }
    }
    assert_same(declared, find("v", true).await);
}

#[test]
fn a_declaration_is_read_with_its_names_and_types() {
    let parsed = parse(
        "diesel::table! {\n    /// A note.\n    #[sql_name = \"Notes\"]\n    notes (a, b) {\n        a -> Uuid,\n        \
         #[sql_name = \"type\"]\n        b -> Nullable<Array<Text>>,\n    }\n}\ndiesel::joinable!(notes -> x (a));\n",
    );
    let column = |name: &str, sql_type: &str| Column {
        name: name.to_owned(),
        sql_type: sql_type.to_owned(),
    };
    let relation = Relation {
        key: vec!["a".to_owned(), "b".to_owned()],
        columns: vec![column("a", "Uuid"), column("type", "Nullable<Array<Text>>")],
    };
    assert_eq!(parsed, Relations::from([("Notes".to_owned(), relation)]));
}

fn assert_same(declared: Relations, found: Relations) {
    let names = |relations: &Relations| relations.keys().cloned().collect::<Vec<_>>();
    assert!(found.len() > 10, "{:?}", names(&found));
    assert_eq!(names(&declared), names(&found));
    for (name, relation) in declared {
        assert_eq!(Some(&relation), found.get(&name), "{name}");
    }
}

/// Reads every `diesel::table!` of a file.
fn parse(source: &str) -> Relations {
    let blocks = source.split("diesel::table! {\n").skip(1);
    blocks
        .map(|block| {
            let (block, _) = block.split_once("\n}\n").expect("a block has an end");
            parse_relation(block)
        })
        .collect()
}

fn parse_relation(block: &str) -> (String, Relation) {
    let mut name = String::new();
    let mut relation = Relation::default();
    let mut sql_name = None;
    for line in block.lines().map(str::trim) {
        if let Some(other) = line.strip_prefix("#[sql_name = \"") {
            sql_name = other.strip_suffix("\"]");
        } else if let Some((column, sql_type)) = line.split_once(" -> ") {
            relation.columns.push(Column {
                name: sql_name.take().unwrap_or(column).to_owned(),
                sql_type: sql_type.trim_end_matches(',').to_owned(),
            });
        } else if let Some((table, key)) = line.strip_suffix(") {").and_then(|line| line.split_once(" (")) {
            name = sql_name.take().unwrap_or(table).to_owned();
            relation.key = key.split(", ").map(str::to_owned).collect();
        }
    }
    (name, relation)
}

/// What the database has of one kind of relation.
async fn find(kind: &str, is_nullable_unknown: bool) -> Relations {
    let database = create_database().await;
    let sql = format!(
        "select c.relname::text, a.attname::text, t.typname::text, a.attnotnull::text,
            coalesce(array_position(k.conkey, a.attnum), 0)::text
        from pg_class c
        join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
        join pg_type t on t.oid = a.atttypid
        left join pg_constraint k on k.conrelid = c.oid and k.contype = 'p'
        where {OURS} and c.relkind = '{kind}'
        order by c.relname, a.attnum"
    );
    let mut relations = Relations::new();
    let mut keys: BTreeMap<String, BTreeMap<String, String>> = BTreeMap::new();
    for [table, column, sql_type, is_required, place] in texts::<5>(&database, &sql).await {
        let sql_type = match is_required == "true" || is_nullable_unknown {
            true => diesel_type(&sql_type),
            false => format!("Nullable<{}>", diesel_type(&sql_type)),
        };
        if place != "0" {
            keys.entry(table.clone()).or_default().insert(place, column.clone());
        }
        let name = column;
        relations
            .entry(table)
            .or_default()
            .columns
            .push(Column { name, sql_type });
    }
    for (table, key) in keys {
        relations.entry(table).or_default().key = key.into_values().collect();
    }
    relations
}

/// How diesel writes a type of PostgreSQL: `int4` is `Int4`, `_text` is `Array<Text>`.
fn diesel_type(name: &str) -> String {
    if let Some(element) = name.strip_prefix('_') {
        return format!("Array<{}>", diesel_type(element));
    }
    let (first, rest) = name.split_at(1);
    first.to_ascii_uppercase() + rest
}

fn without<'a>(wrapper: &str, sql_type: &'a str) -> &'a str {
    let inner = sql_type.strip_prefix(wrapper).and_then(|rest| rest.strip_prefix('<'));
    inner.and_then(|rest| rest.strip_suffix('>')).unwrap_or(sql_type)
}
