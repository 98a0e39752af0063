//! A few stories in the real window: they prove that page, shell and engine are joined. What the page can do is tested
//! in the browser, what the engine can do in the engine.
#![cfg(target_os = "linux")]

mod window;

use std::path::PathBuf;

use tempfile::TempDir;
use window::Window;

const STAFF: &str = "\
email (required),username (optional),firstname (optional),lastname (optional),usergroups (optional),roles (optional)\r
ana@example.com,ana,Ana,Silva,Sales; Porto,Learner\r
bo@example.com,bo,Bo,Lind,Sales; Malmö,Learner\r
chi@example.com,chi,Chi,Tran,Finance; Huế,Reviewer\r
";

#[test]
#[ignore = "opens a window: `make test ONLY=window`"]
fn an_edit_shows_its_problem_and_is_there_after_the_window_was_closed() {
    story(async {
        let world = World::new();
        let staff = world.file("staff.csv", STAFF);

        let window = world.open(&[&staff]).await;
        window.change_cell("Reviewer", "Revewer").await;
        window.read(".side .rule.error", "Revewer").await;
        window.read("footer", "1 error").await;
        window.read("footer", "saved on this computer").await;
        window.keep_picture("problem").await;
        window.close().await;

        let window = world.open(&[]).await;
        window.see(".job").await.click().await.expect("the job can be opened");
        window.read(".side .rule.error", "Revewer").await;
        window.close().await;
        assert_eq!(world.read("staff.csv"), STAFF, "the person's own file stays as it was");
    });
}

#[test]
#[ignore = "opens a window: `make test ONLY=window`"]
fn a_cell_is_copied_to_the_clipboard_and_pasted_into_another() {
    story(async {
        let world = World::new();
        let staff = world.file("staff.csv", STAFF);
        let copy = world.path("copy.csv");
        world.file("picks.txt", &copy.to_string_lossy());

        let window = world.open(&[&staff]).await;
        window.choose_cell("Lind").await;
        window.press('c').await;
        window.choose_cell("Tran").await;
        window.press('v').await;
        window.read("footer", "1 person changed").await;
        window.press('s').await;
        window.read(".toast", "copy.csv").await;
        window.close().await;
        assert_eq!(world.read("copy.csv"), STAFF.replace("Chi,Tran", "Chi,Lind"));
    });
}

#[test]
#[ignore = "opens a window: `make test ONLY=window`"]
fn a_copy_goes_where_the_dialog_says() {
    story(async {
        let world = World::new();
        let staff = world.file("staff.csv", STAFF);
        let copy = world.path("copy.csv");
        world.file("picks.txt", &copy.to_string_lossy());

        let window = world.open(&[&staff]).await;
        window.change_cell("Malmö", "Lund").await;
        window.read("footer", "saved on this computer").await;
        window.press('s').await;
        window.read(".toast", "copy.csv").await;
        window.close().await;
        assert_eq!(world.read("copy.csv"), STAFF.replace("Sales; Malmö", "Lund"));
    });
}

#[test]
#[ignore = "opens a window: `make test ONLY=window`"]
fn a_file_opened_while_the_program_runs_comes_into_its_window() {
    story(async {
        let world = World::new();
        let staff = world.file("staff.csv", STAFF);
        let others = world.file("others.csv", &STAFF.replace(",Ana,", ",Anja,"));

        let window = world.open(&[&staff]).await;
        window.read(".slick-viewport", "Chi").await;
        window.start_again(&[&others]);
        window.read("h1", "others.csv").await;
        window.read(".slick-viewport", "Anja").await;
        window.start_again(&["--sample"]);
        window.read("h1", "Sample").await;
        window.start_again(&[]);
        window.read("h1", "Sample").await;
        window.close().await;
    });
}

#[test]
#[ignore = "opens a window: `make test ONLY=window`"]
fn the_sample_fills_all_five_places() {
    story(async {
        let world = World::new();
        let window = world.open(&["--sample"]).await;
        window.see(".side .rule").await;
        window.see(".grid:not(.provisional) .slick-cell .text").await;
        window.keep_picture("edit").await;
        for (place, shown, name) in [
            (1, ".job", "home"),
            (3, "tbody tr", "compare"),
            (4, ".centre li", "plan"),
            (5, "[data-pane=history] li", "history"),
        ] {
            window
                .see(&format!("nav button:nth-of-type({place})"))
                .await
                .click()
                .await
                .expect("a button");
            window.see(shown).await;
            window.keep_picture(name).await;
        }
        window.close().await;
    });
}

/// People of a company, from one number up to another.
fn people(company: &str, from: usize, to: usize) -> String {
    let head = "email,username,firstname,lastname,usergroups,externalid\n";
    (from..to).fold(head.to_owned(), |text, n| {
        let mail = format!("p{n}@{company}.example");
        text + &format!("{mail},{mail},P{n},Q{n},Sales,{company}-{n}\n")
    })
}

#[test]
#[ignore = "opens a window: `make test ONLY=window`"]
fn an_export_edited_elsewhere_is_planned_packed_and_proved() {
    story(async {
        let world = World::new();
        let newcomer = "dee@example.com,dee,Dee,Ray,Finance,Learner\r\n";
        let edited = STAFF.replace("Sales; Malmö", "Sales; Malmö; Finance") + newcomer;
        let export = world.file("export.csv", STAFF);
        let edited = world.file("edited.csv", &edited);
        // What the import adds by itself is in the export of afterwards.
        let whole = newcomer.replace("Learner", "Learner; Prizing User");
        let after = world.file("after.csv", &world.read("edited.csv").replace(newcomer, &whole));
        let kits = world.path("").to_string_lossy().into_owned();
        world.file("picks.txt", &format!("{export}\n{kits}\n{export}\n{after}\n"));

        let window = world.open(&[&edited]).await;
        window.click("Say it…").await;
        window.answer("Another file").await;
        window.click("Choose the file…").await;
        window.read("footer", "2 people new or changed").await;
        window.press('4').await;
        window.answer("Add").await;
        window.answer("Send none").await;
        window.keep_picture("story-plan").await;
        window.click("Make upload kit…").await;
        window.read("h1", "The upload kit is ready").await;
        window.keep_picture("story-kit").await;

        let kit = window.read("[data-pane=kit] .folder .cell-text", "/").await;
        let upload = std::fs::read_to_string(PathBuf::from(kit).join("upload.csv"));
        let upload = upload.expect("the kit has its upload");
        let keys: Vec<&str> = upload.lines().skip(1).filter_map(|l| l.split(',').next()).collect();
        assert_eq!(keys, ["bo@example.com", "dee@example.com"]);

        window.click("Check the result with a fresh export…").await;
        window.click("Choose the export…").await;
        window.read("[role=dialog]", "Nothing of the plan is in this export").await;
        window.click("Choose the export…").await;
        window.read("[role=dialog]", "2 of 2 as planned").await;
        window.keep_picture("story-proof").await;
        window.click("Keep it as the snapshot").await;
        window.read(".toast", "is the snapshot now").await;
        window.close().await;
    });
}

#[test]
#[ignore = "opens a window: `make test ONLY=window`"]
fn two_accounts_of_one_lms_do_not_mix() {
    story(async {
        let world = World::new();
        let window = world.open(&[&world.file("north.csv", &people("north", 0, 20))]).await;
        window.click("Say it…").await;
        window.answer("This file").await;
        window.click("So it is").await;
        window.read("footer", "0 people new or changed").await;
        window.command("Account").await;
        window.write("[role=dialog] .text-field:not(select)", "Northwind").await;
        window.click("Begin it").await;
        window.read("[role=dialog] h2", "Northwind").await;
        window.close().await;

        // Another company's people are none of Northwind's; next month's are, without a question.
        let window = world.open(&[&world.file("south.csv", &people("south", 0, 20))]).await;
        window.read(".asked", "nobody in it is in the snapshot").await;
        window.click("Not of it").await;
        window.start_again(&[&world.file("next.csv", &people("north", 2, 23))]);
        window.read("h1", "next.csv").await;
        window.read(".strip", "This list is of Northwind: 18 of 21 people").await;
        window.read("footer", "3 people new or changed").await;
        window.keep_picture("story-accounts").await;
        window.close().await;
    });
}

struct World {
    folder: TempDir,
}

impl World {
    fn new() -> Self {
        Self { folder: tempfile::tempdir().expect("a folder for the test") }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn file(&self, name: &str, text: &str) -> String {
        let path = self.path(name);
        std::fs::write(&path, text).expect("it can be written");
        path.to_string_lossy().into_owned()
    }

    fn read(&self, name: &str) -> String {
        std::fs::read_to_string(self.path(name)).expect("it can be read")
    }

    /// Opens the window; all windows of one world share their data folder.
    async fn open(&self, arguments: &[&str]) -> Window {
        let home = self.path("home");
        std::fs::create_dir_all(&home).expect("a home can be made");
        Window::open(&home, &self.path("picks.txt"), arguments).await
    }
}

fn story(steps: impl Future<Output = ()>) {
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .expect("a runtime")
        .block_on(steps);
}
