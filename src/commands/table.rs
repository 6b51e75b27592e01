//! Tables that people read.

use comfy_table::{ContentArrangement, Table, presets};

/// A table with these columns.
pub(super) fn table<const COLUMNS: usize>(
    head: [&str; COLUMNS],
    rows: impl IntoIterator<Item = [String; COLUMNS]>,
) -> String {
    let mut table = Table::new();
    table
        .load_style(presets::NOTHING)
        // Whole lines, whatever the width: they are cut and searched with other programs.
        .set_content_arrangement(ContentArrangement::Disabled)
        .set_header(head);
    for row in rows {
        table.add_row(row);
    }
    for column in table.column_iter_mut() {
        column.set_padding((0, 2));
    }
    let lines = table.lines().map(|line| line.trim_end().to_owned() + "\n");
    lines.collect()
}

#[cfg(test)]
mod tests {
    use super::table;

    #[test]
    fn columns_stand_under_their_names() {
        let rows = [["a", "long enough"], ["longer", "b"]].map(|row| row.map(str::to_owned));
        let lines: Vec<String> = table(["ONE", "TWO"], rows).lines().map(str::to_owned).collect();
        assert_eq!(lines.len(), 3);
        let columns: Vec<_> = lines
            .iter()
            .zip(["TWO", "long", "b"])
            .map(|(line, cell)| line.find(cell))
            .collect();
        assert!(
            columns[0].is_some() && columns.iter().all(|column| *column == columns[0]),
            "{lines:?}"
        );
    }
}
