//! What SafetyCulture's pages leave open.

crate::strict::switches::switches! {
    /// What it does not know of a record (a field, a word) is dropped without a word. Off: the call is refused.
    drops_unknown,
    /// It takes the short words of client programs, `active` and `deactivated`. Off: those of the pages alone.
    short_words,
    /// A group or site that is not there keeps the whole person from being carried out. Off: that field alone.
    fatal_groups,
    /// What is wrong with people stands in a list of its own, by their place. Off: beside each of them.
    findings_apart,
    /// Usernames mean the same in any case, and are told in lower case. Off: they are as they were written.
    lower_usernames,
    /// A warning makes a job end “with errors”. Off: only an error does.
    warnings_count,
    /// What runs has an id of its own, which the answer to the start tells. Off: the job's.
    own_run_id,
    /// A job is still at work when it is first asked for. Off: it has ended.
    ends_late,
    /// A job that only validates ends as “completed”. Off: as “validated”.
    validating_completes,
    /// New people need a first and a last name. Off: they do not.
    needs_names,
    /// A refused call says in `Retry-After` too when to come back. Off: only as the page of limits says.
    retry_after,
    /// The state of a job stands in an object `job`. Off: beside its people.
    state_inside,
    /// What is empty is not in an answer. Off: it is there, and empty.
    leaves_out_empty,
    /// Whoever is deactivated is asked by mail to come back, as the page on adding people says. Off: they are active at once.
    asks_to_come_back,
    /// A job that is started a second time goes on as if nothing were. Off: that is refused.
    starts_again,
}
