//! Citations that the tests of every format render: a real one, and three that are hard.

use uuid::Uuid;

use super::{AbstractSection, Author, Citation, CitationAbstract, Journal};
use crate::values::PartialDate;

fn id<T: std::str::FromStr>(text: &str) -> T {
    text.parse().unwrap_or_else(|_| panic!("{text}"))
}

/// A date by its year, month and day.
pub(super) fn date((year, month, day): (i16, Option<i8>, Option<i8>), precision: &str, raw: &str) -> PartialDate {
    PartialDate {
        year,
        month,
        day,
        precision: precision.into(),
        raw: raw.into(),
    }
}

/// A person.
pub(super) fn person(family: &str, given: Option<&str>, initials: Option<&str>) -> Author {
    Author {
        family: Some(family.into()),
        given: given.map(Into::into),
        initials: initials.map(Into::into),
        suffix: None,
        collective_name: None,
        orcid: None,
        affiliations: Vec::new(),
    }
}

fn collective(name: &str) -> Author {
    let nobody = person("", None, None);
    Author {
        family: None,
        collective_name: Some(name.into()),
        ..nobody
    }
}

fn strings(texts: &[&str]) -> Vec<String> {
    texts.iter().map(|text| (*text).to_owned()).collect()
}

/// A record with a title, a journal and a year, and nothing else.
pub(super) fn bare() -> Citation {
    Citation {
        pmid: None,
        pmcid: None,
        doi: None,
        title: "Spinal pain.".into(),
        journal: Journal {
            id: Uuid::nil(),
            slug: id("the-spine-journal"),
            title: "The Spine Journal".into(),
            iso_abbreviation: None,
            issn: None,
        },
        volume: None,
        issue: None,
        pages: None,
        publication_date: date((1987, None, None), "year", "1987"),
        languages: Vec::new(),
        publication_types: Vec::new(),
        mesh_headings: Vec::new(),
        keywords: Vec::new(),
        medline_status: None,
        integrity: "ok".into(),
        authors: Vec::new(),
        abstract_text: None,
        formatted: String::new(),
        url: None,
    }
}

/// PMID 29143901 as PubMed has it; its keywords and publication types stand in for the record's own.
pub(super) fn vertebral() -> Citation {
    let authors = [
        ("Kam", "NM"),
        ("Maingard", "J"),
        ("Kok", "HK"),
        ("Ranatunga", "D"),
        ("Brooks", "D"),
        ("Torreggiani", "WC"),
        ("Munk", "PL"),
        ("Lee", "MJ"),
        ("Chandra", "RV"),
        ("Asadi", "H"),
    ];
    Citation {
        pmid: Some(id("29143901")),
        doi: Some(id("10.1007/s11864-017-0516-7")),
        title: "Combined Vertebral Augmentation and Radiofrequency Ablation in the Management of \
                Spinal Metastases: an Update."
            .into(),
        journal: Journal {
            id: Uuid::nil(),
            slug: id("current-treatment-options-in-oncology"),
            title: "Current treatment options in oncology".into(),
            iso_abbreviation: Some("Curr Treat Options Oncol".into()),
            issn: Some(id("1534-6277")),
        },
        volume: Some("18".into()),
        issue: Some("12".into()),
        pages: Some("74".into()),
        publication_date: date((2017, Some(11), Some(16)), "day", "2017 Nov 16"),
        languages: strings(&["eng"]),
        publication_types: strings(&["Journal Article", "Review"]),
        keywords: strings(&["Radiofrequency ablation", "Spinal metastases"]),
        medline_status: Some("in process".into()),
        authors: authors
            .map(|(family, initials)| person(family, None, Some(initials)))
            .into(),
        abstract_text: Some(CitationAbstract {
            sections: vec![AbstractSection {
                label: Some("OPINION STATEMENT".into()),
                text: "Spinal metastases are the most commonly encountered tumour of the spine, \
                       occurring in up to 40% of patients with cancer."
                    .into(),
            }],
            copyright: None,
            right: "permission_held".into(),
            right_basis: None,
        }),
        url: Some("https://pubmed.ncbi.nlm.nih.gov/29143901/".into()),
        ..bare()
    }
}

/// A translated title, a collective, a suffix, a season, a shortened page range.
pub(super) fn bracketed() -> Citation {
    let mut first = person("Müller-Weiß", Some("Jean-Pierre"), Some("JP"));
    first.suffix = Some("Jr".into());
    first.orcid = Some(id("0000-0002-1825-0097"));
    first.affiliations = strings(&["Klinik, Köln, Germany."]);
    Citation {
        pmcid: Some(id("PMC123")),
        doi: Some(id("10.1055/s-2008-1037")),
        title: "[Does the disc heal?].".into(),
        journal: Journal {
            iso_abbreviation: Some("Z Orthop".into()),
            ..bare().journal
        },
        volume: Some("137".into()),
        issue: Some("2".into()),
        pages: Some("2441–50".into()),
        publication_date: date((1999, None, None), "season", "1999 Winter"),
        languages: strings(&["ger", "fre", "und"]),
        authors: vec![
            first,
            collective("Deutsche Gesellschaft für Wirbelsäule e.V."),
            person("Ng", None, Some("A")),
        ],
        ..bare()
    }
}

/// Text that tries to end its record and to begin another one, in every format.
pub(super) fn nasty() -> Citation {
    Citation {
        pmid: Some(id("7")),
        doi: Some(id("10.1002/(SICI)1097<1::A_B#%>3.0;2-{")),
        title: "A}\r\nER  - \r\nTY  - JOUR\u{0}\u{2028}PMID- 8 \\ {\"50% of $5\" & \
                #1_a ~b^c <d>\u{7}@article{x,\u{85}DNA \n\nTI  - two"
            .into(),
        journal: Journal {
            title: "Spine\n{ & *Bone".into(),
            ..bare().journal
        },
        volume: Some("1\n2".into()),
        pages: Some("S12–8".into()),
        publication_date: date((2001, Some(2), None), "month", "2001\nFeb"),
        mesh_headings: strings(&["*Spine/surgery", "Models, {Molecular", "\u{1}"]),
        keywords: strings(&["a\r\nER  - "]),
        medline_status: Some("MEDLINE".into()),
        integrity: "retracted".into(),
        authors: vec![
            person("Marks and, Spencer}\nAU  - X", Some("A\u{2029}\\"), None),
            collective("Group {of} A and B\n"),
            person(" ", None, None),
        ],
        abstract_text: Some(CitationAbstract {
            sections: vec![
                AbstractSection {
                    label: Some("AIM:".into()),
                    text: "One\n\nPMID- 9\n}".into(),
                },
                AbstractSection {
                    label: None,
                    text: "Two".into(),
                },
            ],
            copyright: Some("©\n2001".into()),
            right: "open_licence".into(),
            right_basis: None,
        }),
        ..bare()
    }
}
