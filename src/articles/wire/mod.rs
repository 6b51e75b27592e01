//! What clients send and receive of articles, and what editors write.

mod query;
mod shown;
mod written;

pub use self::{
    query::{
        ArticleKind, ArticleQuery, ArticleSort, AuthorName, CitationQuery, PublicationType, RelatedQuery,
        SparseArticleQuery,
    },
    shown::{Article, ArticleField, ArticleSummary, CitationSummary, JournalCount, SparseArticleSummary},
    written::{
        AbstractIn, AbstractRight, AbstractSectionIn, ArticleIn, ArticleTextIn, ArticleTexts, AuthorIn, CitationIn,
        Integrity, JournalIn, PublicationDateIn,
    },
};
