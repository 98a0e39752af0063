//! A push is written down before anything of it is sent, and sealed.

use std::path::PathBuf;

use rusqlite::params;

use super::reading::Kept;
use super::seal::{self, Head};
use super::{NOT_KEPT, OrderRecord, PushRecord, json, word};
use crate::blobs::{self, Blob};
use crate::database::{last_id, write};
use crate::failure::trouble;
use crate::{Store, folder};
use muster_plan::push::{PushMeta, PushState, Secret, Target};
use muster_table::error::{Failure, Result};
use muster_table::narrow::count as number;

impl Store {
    /// Writes a push down before anything of it is sent.
    pub fn freeze_push(
        &self,
        job: Option<u32>,
        at: &str,
        target: &Target,
        facts: &PushMeta,
        orders: &[OrderRecord],
    ) -> Result<u32> {
        self.freeze(job, at, target, (facts, None), orders)
    }

    /// The same for one that is a file, with what it is to bring about, packed by [`BlobStore::keep`].
    ///
    /// [`BlobStore::keep`]: crate::blobs::BlobStore::keep
    pub fn freeze_file(
        &self,
        job: Option<u32>,
        at: &str,
        target: &Target,
        (facts, planned): (&PushMeta, Blob),
        orders: &[OrderRecord],
    ) -> Result<u32> {
        self.freeze(job, at, target, (facts, Some(planned)), orders)
    }

    /// What the file of a push is to bring about.
    pub fn planned(&self, push: &PushRecord) -> Result<Vec<u8>> {
        let gone = || Failure::not_found("what this push was to bring about is not kept");
        let size = push.facts.planned.ok_or_else(gone)?;
        blobs::read(&self.planned_place(push.job, push.id), size, "what was planned")
    }

    /// With what else is kept of the job, so that it is erased with it.
    fn planned_place(&self, job: Option<u32>, push: u32) -> PathBuf {
        match job {
            Some(job) => self.blobs.of_job(job).join(format!("planned-push-{push}.zst")),
            None => self.folder.join("pushes").join(format!("planned-{push}.zst")),
        }
    }

    fn freeze(
        &self,
        job: Option<u32>,
        at: &str,
        target: &Target,
        (facts, planned): (&PushMeta, Option<Blob>),
        orders: &[OrderRecord],
    ) -> Result<u32> {
        let facts = PushMeta { orders: Some(number(orders.len())), ..facts.clone() };
        let (target, facts) = (json(target)?, json(&facts)?);
        let kept: Vec<Kept> = orders.iter().map(kept).collect::<Result<_>>()?;
        let keep = || -> rusqlite::Result<_> {
            let writing = write(&self.connection)?;
            writing.execute(
                "insert into push (job, at, state, target, facts) values (?, ?, ?, ?, ?)",
                params![job, at, word(PushState::Waiting), target, facts],
            )?;
            let push = last_id(&writing)?;
            let mut insert = writing.prepare(
                "insert into push_order (push, place, task, password, state, why) values (?, ?, ?, ?, ?, ?)",
            )?;
            for order in &kept {
                let Kept { place, task, state, why, .. } = order;
                let password = order.password.as_ref().map(Secret::reveal);
                insert.execute(params![push, place, task, password, state, why])?;
            }
            drop(insert);
            let head = Head { id: push, job, at, target: &target, facts: &facts };
            writing.execute(
                "update push set seal = ?, password_seal = ? where id = ?",
                params![seal::of(head, &kept), seal::of_passwords(push, &kept), push],
            )?;
            Ok((writing, push))
        };
        let (writing, push) = keep().map_err(trouble(NOT_KEPT))?;
        if let Some(planned) = planned {
            let place = self.planned_place(job, push);
            let folder = place.parent().unwrap_or(&self.folder);
            folder::make_private(folder)
                .and_then(|()| planned.settle(&place))
                .map_err(|e| Failure::file(NOT_KEPT, &e))?;
        }
        writing.commit().map_err(trouble(NOT_KEPT))?;
        Ok(push)
    }
}

fn kept(order: &OrderRecord) -> Result<Kept> {
    let waiting = &order.waiting;
    Ok(Kept {
        place: waiting.place,
        task: json(&waiting.order)?,
        password: waiting.password.clone(),
        state: word(waiting.state),
        why: Some(order.why.clone()),
        lms_id: None,
        at: None,
        is_flawed: false,
    })
}
