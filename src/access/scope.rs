//! What a key may do.

/// What a key may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scope {
    /// Read drafts.
    ContentRead,
    /// Write drafts.
    ContentWrite,
    /// Change what the public sees.
    ContentPublish,
    /// Decide on testimonials.
    TestimonialsModerate,
    /// Read consent and contact data.
    TestimonialsPersonal,
    /// Make and revoke keys.
    Keys,
    /// Read the log.
    AuditRead,
}
