//! What documents leave open, and each way to fill that.

use std::fmt::Debug;
use std::thread;

/// Makes the switches of a server. Off is the likelier way, on the other one.
macro_rules! switches {
    ($($(#[$about:meta])+ $name:ident,)+) => {
        /// What the documents leave open.
        #[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
        pub struct Switches {
            $($(#[$about])+ pub $name: bool,)+
        }

        impl Switches {
            /// All off, all on, and each one on alone.
            pub fn ways() -> Vec<Switches> {
                let off = Switches::default();
                let mut ways = vec![off, Switches { $($name: true,)+ }];
                $(ways.push(Switches { $name: true, ..off });)+
                ways
            }
        }
    };
}
pub(crate) use switches;

/// Does something every way, some at a time: most of it is waiting.
pub fn each<S: Copy + Send + Sync + Debug>(ways: &[S], what: impl Fn(S) + Sync) {
    const AT_A_TIME: usize = 20;
    let next = std::sync::atomic::AtomicUsize::new(0);
    thread::scope(|scope| {
        for _ in 0..AT_A_TIME {
            scope.spawn(|| {
                while let Some(way) =
                    ways.get(next.fetch_add(1, std::sync::atomic::Ordering::Relaxed))
                {
                    let ended =
                        std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| what(*way)));
                    if let Err(panic) = ended {
                        println!("── that was with {way:?}");
                        std::panic::resume_unwind(panic);
                    }
                }
            });
        }
    });
}
