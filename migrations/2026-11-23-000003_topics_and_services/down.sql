drop table service_treats;
drop table service_topics;
drop table service_texts;
drop table service_codes;
drop table services;
drop table topic_texts;
drop table topics;
