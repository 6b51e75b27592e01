//! What clients send and receive of testimonials.

mod document;
mod moderation;
mod public;
mod submission;

pub use self::{
    document::{Attribution, ReplyIn, TestimonialIn},
    moderation::{
        CaseQuery, CaseSource, CaseState, Consent, ConsentIn, ConsentRecord, Contact, ContactIn, Erasure, ErasureIn,
        ErasureReason, RejectionIn, TestimonialCase,
    },
    public::{
        PublicChannel, RatingCount, Reply, Testimonial, TestimonialChannelQuery, TestimonialCounts, TestimonialQuery,
        TestimonialSummary,
    },
    submission::{
        Channel, ConsentGiven, TestimonialReceipt, TestimonialSubmission, TestimonialWithdrawal, WithdrawalIn,
    },
};
