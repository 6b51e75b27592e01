//! All SQL of articles, by what it is for.

mod citation;
mod copy;
mod document;
mod journal;
mod list;
mod read;
mod work;
mod write;

pub use self::{
    citation::{count_journals, list_journals},
    copy::{PublicArticle, copy_articles, copy_journals},
    list::{ArticleOrder, count_articles, list_articles, list_related_articles},
    read::get_article,
};
