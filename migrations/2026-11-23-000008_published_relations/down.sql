create or replace view published_article_services as
select p.article_id, s.locale, s.id as service_id, s.slug, s.name
from article_services p
join published_services s on s.id = p.service_id;
comment on view published_article_services is 'Published services of each article.';

create or replace view published_article_topics as
select p.article_id, t.locale, t.id as topic_id, t.slug, t.name
from article_topics p
join published_topics t on t.id = p.topic_id;
comment on view published_article_topics is 'Published topics of each article.';

create or replace view published_service_topics as
select st.service_id, t.locale, t.id as topic_id, t.slug, t.name
from service_topics st
join published_topics t on t.id = st.topic_id;
comment on view published_service_topics is 'Published topics of each service.';
