//! The views of published content, which are all the content that public reads see.
//!
//! Written by hand, as the generator knows no views; a test compares every column with the database.

#![expect(missing_docs, reason = "the columns are described by comments in the database")]

diesel::table! {
    published_article_services (article_id, locale, service_id) {
        article_id -> Uuid,
        locale -> Text,
        service_id -> Uuid,
        slug -> Text,
        name -> Text,
    }
}

diesel::table! {
    published_article_topics (article_id, locale, topic_id) {
        article_id -> Uuid,
        locale -> Text,
        topic_id -> Uuid,
        slug -> Text,
        name -> Text,
    }
}

diesel::table! {
    published_articles (id, locale) {
        id -> Uuid,
        locale -> Text,
        kind -> Text,
        slug -> Text,
        title -> Text,
        summary -> Text,
        body_html -> Nullable<Text>,
        body_text -> Nullable<Text>,
        reading_minutes -> Int4,
        published_at -> Timestamptz,
        last_reviewed_on -> Nullable<Date>,
        next_review_due_on -> Nullable<Date>,
        updated_at -> Timestamptz,
        citation_id -> Nullable<Uuid>,
        pmid -> Nullable<Text>,
        doi -> Nullable<Text>,
        formatted -> Nullable<Text>,
        integrity -> Nullable<Text>,
        publication_types -> Nullable<Array<Text>>,
        journal_id -> Nullable<Uuid>,
        journal_slug -> Nullable<Text>,
        journal_title -> Nullable<Text>,
        journal_iso_abbreviation -> Nullable<Text>,
        reviewed_by -> Nullable<Text>,
    }
}

diesel::table! {
    published_citation_authors (citation_id, position) {
        citation_id -> Uuid,
        position -> Int4,
        family -> Nullable<Text>,
        given -> Nullable<Text>,
        initials -> Nullable<Text>,
        suffix -> Nullable<Text>,
        collective_name -> Nullable<Text>,
        orcid -> Nullable<Text>,
        affiliations -> Array<Text>,
        search_names -> Array<Text>,
    }
}

diesel::table! {
    published_citations (id) {
        id -> Uuid,
        pmid -> Nullable<Text>,
        pmcid -> Nullable<Text>,
        doi -> Nullable<Text>,
        title -> Text,
        volume -> Nullable<Text>,
        issue -> Nullable<Text>,
        pages -> Nullable<Text>,
        publication_year -> Int2,
        publication_month -> Nullable<Int2>,
        publication_day -> Nullable<Int2>,
        publication_date_precision -> Text,
        publication_date_raw -> Text,
        languages -> Array<Text>,
        publication_types -> Array<Text>,
        mesh_headings -> Array<Text>,
        keywords -> Array<Text>,
        medline_status -> Nullable<Text>,
        integrity -> Text,
        abstract_sections -> Nullable<Jsonb>,
        abstract_copyright -> Nullable<Text>,
        abstract_right -> Text,
        abstract_right_basis -> Nullable<Text>,
        formatted -> Text,
        journal_id -> Uuid,
        journal_slug -> Text,
        journal_title -> Text,
        journal_iso_abbreviation -> Nullable<Text>,
        journal_issn -> Nullable<Text>,
    }
}

diesel::table! {
    published_clinic (id, locale) {
        id -> Uuid,
        locale -> Text,
        name -> Text,
        legal_name -> Nullable<Text>,
        is_demonstration -> Bool,
        founded_year -> Nullable<Int4>,
        phone -> Nullable<Text>,
        email -> Nullable<Text>,
        website -> Nullable<Text>,
        time_zone -> Text,
        default_locale -> Text,
        cqc_provider_id -> Nullable<Text>,
        companies_house_number -> Nullable<Text>,
        tagline -> Nullable<Text>,
        about_heading -> Nullable<Text>,
        about -> Nullable<Text>,
        notice -> Nullable<Text>,
        services_heading -> Nullable<Text>,
        share_heading -> Nullable<Text>,
        testimonials_heading -> Nullable<Text>,
        updated_at -> Timestamptz,
    }
}

diesel::table! {
    published_highlights (id) {
        id -> Uuid,
        locale -> Text,
        title -> Text,
        body -> Text,
        position -> Int4,
    }
}

diesel::table! {
    published_hospitals (id) {
        id -> Uuid,
        name -> Text,
        url -> Nullable<Text>,
        position -> Int4,
    }
}

diesel::table! {
    published_locations (id) {
        id -> Uuid,
        slug -> Text,
        name -> Text,
        street_address -> Text,
        address_locality -> Text,
        address_region -> Nullable<Text>,
        postal_code -> Text,
        address_country -> Text,
        formatted_address -> Text,
        latitude -> Nullable<Float8>,
        longitude -> Nullable<Float8>,
        phone -> Nullable<Text>,
        is_primary -> Bool,
        position -> Int4,
        updated_at -> Timestamptz,
    }
}

diesel::table! {
    published_opening_hours (location_id, weekday, opens) {
        location_id -> Uuid,
        weekday -> Int2,
        opens -> Time,
        closes -> Time,
    }
}

diesel::table! {
    published_service_codes (service_id, system, code) {
        service_id -> Uuid,
        system -> Text,
        code -> Text,
        display -> Nullable<Text>,
    }
}

diesel::table! {
    published_service_topics (service_id, locale, topic_id) {
        service_id -> Uuid,
        locale -> Text,
        topic_id -> Uuid,
        slug -> Text,
        name -> Text,
    }
}

diesel::table! {
    published_service_treats (treatment_id, condition_id, locale) {
        treatment_id -> Uuid,
        condition_id -> Uuid,
        locale -> Text,
        treatment_slug -> Text,
        treatment_name -> Text,
        condition_slug -> Text,
        condition_name -> Text,
    }
}

diesel::table! {
    published_services (id, locale) {
        id -> Uuid,
        locale -> Text,
        kind -> Text,
        slug -> Text,
        name -> Text,
        summary -> Text,
        sections -> Jsonb,
        updated_at -> Timestamptz,
        reviewed_by -> Nullable<Text>,
        last_reviewed_on -> Nullable<Date>,
        next_review_due_on -> Nullable<Date>,
    }
}

diesel::table! {
    published_social_links (id) {
        id -> Uuid,
        platform -> Text,
        url -> Text,
        position -> Int4,
    }
}

diesel::table! {
    published_special_hours (location_id, date, opens) {
        location_id -> Uuid,
        date -> Date,
        opens -> Nullable<Time>,
        closes -> Nullable<Time>,
        reason -> Nullable<Text>,
    }
}

diesel::table! {
    published_statistics (id) {
        id -> Uuid,
        locale -> Text,
        label -> Text,
        value -> Int8,
        display_value -> Text,
        unit -> Text,
        as_of -> Date,
        expires_on -> Nullable<Date>,
        source_name -> Text,
        source_url -> Nullable<Text>,
        position -> Int4,
    }
}

diesel::table! {
    published_testimonials (id) {
        id -> Uuid,
        slug -> Text,
        locale -> Text,
        headline -> Text,
        quote -> Text,
        excerpt -> Text,
        is_incomplete -> Bool,
        attribution -> Text,
        attribution_name -> Nullable<Text>,
        rating -> Nullable<Int2>,
        service_id -> Nullable<Uuid>,
        condition_id -> Nullable<Uuid>,
        treated_month -> Nullable<Date>,
        received_on -> Nullable<Date>,
        published_at -> Timestamptz,
        updated_at -> Timestamptz,
        edited_on -> Nullable<Date>,
        incentive -> Nullable<Text>,
        reply -> Nullable<Text>,
        replied_on -> Nullable<Date>,
        on_website -> Bool,
        on_app -> Bool,
    }
}

diesel::table! {
    published_time_zone (id) {
        id -> Uuid,
        time_zone -> Text,
    }
}

diesel::table! {
    published_topics (id, locale) {
        id -> Uuid,
        locale -> Text,
        slug -> Text,
        name -> Text,
        description -> Nullable<Text>,
        updated_at -> Timestamptz,
    }
}

diesel::table! {
    testimonial_counts (rating) {
        rating -> Int2,
        received -> Int8,
        published -> Int8,
        rejected -> Int8,
    }
}

diesel::allow_tables_to_appear_in_same_query!(
    published_article_services,
    published_article_topics,
    published_articles,
    published_citation_authors,
    published_citations,
    published_clinic,
    published_highlights,
    published_hospitals,
    published_locations,
    published_opening_hours,
    published_service_codes,
    published_service_topics,
    published_service_treats,
    published_services,
    published_social_links,
    published_special_hours,
    published_statistics,
    published_testimonials,
    published_time_zone,
    published_topics,
    testimonial_counts,
);
