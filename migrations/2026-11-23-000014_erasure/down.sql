drop function erase_testimonial(uuid, uuid, text, text, text, timestamptz);
drop table erasures;
