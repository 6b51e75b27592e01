//! The pages: the guide out of `docs/guide/`, and one for each reference, all in one layout.

use utoipa::openapi::OpenApi;

use super::{
    ADMIN_DOCUMENT, File, HTML, PUBLIC_DOCUMENT, REFERENCE_POLICY,
    markdown::{self, Rendered},
};

const LAYOUT: &str = include_str!("layout.html");

/// Where the guide takes the server to be.
const SERVER: &str = "http://127.0.0.1:8080";

/// A text of the guide: its name, how the navigation calls it, and the Markdown.
type Text = (&'static str, &'static str, &'static str);

/// The first page.
const START: &str = include_str!("../../docs/guide/README.md");

/// The guide, in the order in which it is read.
const GUIDE: [Text; 10] = [
    (
        "quick-start",
        "Quick start",
        include_str!("../../docs/guide/quick-start.md"),
    ),
    (
        "clients",
        "Generated clients",
        include_str!("../../docs/guide/clients.md"),
    ),
    ("paging", "Lists and pages", include_str!("../../docs/guide/paging.md")),
    (
        "caching",
        "Caching and offline",
        include_str!("../../docs/guide/caching.md"),
    ),
    ("languages", "Languages", include_str!("../../docs/guide/languages.md")),
    ("errors", "Errors", include_str!("../../docs/guide/errors.md")),
    ("keys", "Keys", include_str!("../../docs/guide/keys.md")),
    ("writing", "Writing", include_str!("../../docs/guide/writing.md")),
    (
        "testimonials",
        "Testimonials",
        include_str!("../../docs/guide/testimonials.md"),
    ),
    ("versions", "Versions", include_str!("../../docs/guide/versions.md")),
];

/// The references: name of the page and how the navigation calls it.
const REFERENCES: [(&str, &str); 2] = [("public", "Public API"), ("admin", "Editors’ API")];

/// The start page and the guide with their paths.
pub(super) fn guide() -> impl Iterator<Item = (String, File)> {
    let start = ["/docs", "/docs/"].map(|path| (path.to_owned(), text("/docs", START)));
    let guide = GUIDE.iter().map(|(name, _, source)| {
        let path = path_of(name);
        let page = text(&path, source);
        (path, page)
    });
    start.into_iter().chain(guide)
}

/// The two references with their paths.
pub(super) fn references(public: &OpenApi, admin: &OpenApi) -> [(String, File); 2] {
    let of = |(name, title): (&str, &str), document: &OpenApi, address: &str| {
        let path = path_of(name);
        let mut file = File::new(
            HTML,
            layout(&path, title, "reference", &reference(title, document, address)),
        );
        file.policy = REFERENCE_POLICY;
        (path, file)
    };
    let [for_all, for_editors] = REFERENCES;
    [
        of(for_all, public, PUBLIC_DOCUMENT),
        of(for_editors, admin, ADMIN_DOCUMENT),
    ]
}

fn path_of(name: &str) -> String {
    format!("/docs/{name}")
}

/// A page of the guide.
fn text(path: &str, source: &str) -> File {
    let Rendered { title, html } = markdown::render(source, to_page);
    File::new(HTML, layout(path, &title, "text", &(html + &neighbours(path))))
}

/// Where a link of the guide leads on the site: in the repository it leads from file to file.
fn to_page(link: &str) -> String {
    let link = link.strip_prefix(SERVER).unwrap_or(link);
    match link.split_once(".md") {
        Some((name, anchor)) if !name.contains('/') => path_of(name) + anchor,
        _ => link.to_owned(),
    }
}

/// Links to the pages before and after this one.
fn neighbours(path: &str) -> String {
    let Some(at) = GUIDE.iter().position(|(name, ..)| path_of(name) == path) else {
        return String::new();
    };
    let link = |text: Option<&Text>, relation: &str| {
        text.map_or_else(String::new, |(name, label, _)| {
            format!("<a rel=\"{relation}\" href=\"{}\">{label}</a>", path_of(name))
        })
    };
    let before = at.checked_sub(1).and_then(|before| GUIDE.get(before));
    let links = link(before, "prev") + &link(GUIDE.get(at + 1), "next");
    format!("<nav class=\"neighbours\" aria-label=\"Neighbouring pages\">{links}</nav>")
}

/// What a reference shows by itself; Swagger UI fills in the operations.
fn reference(title: &str, document: &OpenApi, address: &str) -> String {
    let about = document.info.description.as_deref().unwrap_or_default();
    let about = markdown::render(about, str::to_owned).html;
    let groups: String = document
        .tags
        .iter()
        .flatten()
        .map(|tag| format!("<li><a href=\"#operations-tag-{0}\">{0}</a></li>", tag.name))
        .collect();
    format!(
        "<h1>{title}</h1>{about}<p>The document itself, from which <a href=\"/docs/clients\">clients are made</a>, is at \
         <a href=\"{address}\">{address}</a>.</p>\
         <nav class=\"groups\" aria-label=\"Groups of operations\"><ul>{groups}</ul></nav>\
         <noscript><p>The operations are shown by a script, and scripts are off in this browser.</p></noscript>\
         <div id=\"operations\" data-document=\"{address}\"></div>"
    )
}

/// A whole page.
fn layout(path: &str, title: &str, kind: &str, content: &str) -> String {
    let guide = GUIDE.iter().map(|(name, label, _)| (*name, *label));
    let scripts = match kind {
        "reference" => include_str!("reference.html"),
        _ => "",
    };
    LAYOUT
        .replace("{title}", title)
        .replace("{kind}", kind)
        .replace("{version}", env!("CARGO_PKG_VERSION"))
        .replace("{guide}", &entries(path, guide))
        .replace("{references}", &entries(path, REFERENCES.into_iter()))
        .replace("{scripts}", scripts)
        .replace("{content}", content)
}

/// Entries of the navigation; that of the page itself says so.
fn entries(current: &str, pages: impl Iterator<Item = (&'static str, &'static str)>) -> String {
    pages
        .map(|(name, label)| {
            let path = path_of(name);
            let is_current = if path == current { " aria-current=\"page\"" } else { "" };
            format!("<li><a href=\"{path}\"{is_current}>{label}</a></li>")
        })
        .collect()
}
