drop table article_services;
drop table article_topics;
drop table article_texts;
drop table articles;
drop table citation_authors;
drop table citations;
drop table journals;
