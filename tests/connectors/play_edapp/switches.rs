//! What EdApp's pages leave open, or say in two ways.

crate::strict::switches::switches! {
    /// What it does not know of a user or of an address is dropped without a word. Off: the call is refused.
    drops_unknown,
    /// Usernames are listed as `username`, as they are sent. Off: as `name`, as the page on the list says.
    names_usernames,
    /// Usernames mean the same in any case. Off: they do not.
    any_case,
    /// Whoever is put into a group that they are in is refused. Off: that is as well as the first time.
    joins_once,
    /// Only groups that are in no other one are listed; `children` has the others. Off: all of them are.
    lists_roots,
    /// Of somebody who was made nothing is told. Off: all of them is.
    made_says_nothing,
    /// A name or an id that somebody has is a conflict, 409. Off: a mistake, 400.
    conflicts,
    /// A refused call says in `Retry-After` when to come back. Off: only that it was too many.
    retry_after,
    /// Names in an address have to be in the right case. Off: in any.
    address_case,
    /// New people are Learner and Prizing User whatever is said of them. Off: as they are sent.
    adds_roles,
    /// New people are put into a group by a rule of EdApp's. Off: into none.
    has_rule,
    /// New people are not in the first list that is asked for after that. Off: they are at once.
    lists_late,
    /// Whoever has no username needs one. Off: their e-mail is taken for it, as in an upload.
    needs_username,
}
