drop table testimonials;
