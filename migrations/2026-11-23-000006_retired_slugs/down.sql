drop table retired_slugs;
