//! What HR's own reports say of who has left, in the languages and with the slips that such reports have: nobody is
//! deactivated by a mistyped number, and nobody who left is passed over in silence.

use super::{DAY, holds, plan, who};
use crate::world::World;

const LEARNERS: &str = "Unique Key,First Name,Last Name,Email Address,Login Name,Active,Employee Number,Hire Date\n\
    EMT1,Zoë,Smith,zoe.smith@example.com,zsmith,Yes,004331,2016-01-15\n\
    EMT2,Élodie,Schmidt-Weber,elodie.sw@example.com,eschmidt,Yes,004380,2018-03-01\n\
    EMT3,Jean-Luc,García López,jl.garcia@example.com,jgarcia,Yes,004450,2019-05-02\n\
    EMT4,Frédéric,Moreau,f.moreau@example.com,fmoreau,Yes,004457,2020-09-07\n\
    EMT5,Øyvind,Santos,o.santos@example.com,osantos,No,004149,2012-03-10\n\
    EMT6,Olga,Petrov,olga.petrov@example.com,opetrov,Yes,004653,2021-08-10\n";
const WORDS: &str = "--against export.csv --profile emtrain-learners --policy blanks=keep";

fn list(text: impl AsRef<[u8]>) -> World {
    World::new().with("export.csv", LEARNERS).with("list.csv", text)
}

/// Everybody of the export as HR has them, with more cells behind each.
fn everybody(head: &str, more: [&str; 6]) -> String {
    let people = [
        "004331;Smith;Zoë",
        "004380;Schmidt-Weber;Élodie",
        "004450;García López;Jean-Luc",
        "004457;Moreau;Frédéric",
        "004149;Santos;Øyvind",
        "004653;Petrov;Olga",
    ];
    let rows = people.iter().zip(more).map(|(person, more)| format!("{person};{more}\n"));
    format!("Matricule;Nom;Prénom;{head}\n{}", rows.collect::<String>())
}

#[test]
fn a_leaver_with_the_number_of_another_stops_the_kit_whatever_the_heads_are() {
    let whole = ["Smith Zoë", "García López Jean-Luc", "Moreau Frédéric"];
    let parted = ["Smith;Zoë", "García López;Jean-Luc", "Moreau;Frédéric"];
    for (heads, names) in [
        ("Employee Number;Last Name;First Name;Termination Date", parted),
        ("Matricule;Nom;Prénom;Date de départ", parted),
        ("Personalnummer;Name;Vorname;Austrittsdatum", parted),
        ("Matricule;Nom complet;Date de fin de contrat", whole),
        ("Personalnummer;Mitarbeiter;Letzter Arbeitstag", whole),
        ("Número de empleado;Nombre completo;Fecha de baja", whole),
        ("Personeelsnummer;Medewerker;Datum uit dienst", whole),
        ("Employee Number;Name;Last day", whole),
        ("Matricule;Qui;Dernier jour", whole),
    ] {
        let row = |number: &str, name: &str| format!("{number};{name};2026-11-15\n");
        let rows = [row("004380", names[0]), row("004450", names[1]), row("004457", names[2])];
        let world = list(format!("{heads}\n{}", rows.concat()));
        let kit = world.muster_on(DAY, &format!("kit list.csv {WORDS} --out kit")).exits(3);
        for part in ["Smith", "Zoë"] {
            assert!(kit.err.contains(part), "{heads}: {}", kit.err);
        }
        assert!(!world.has("kit"), "{heads}");
        let told = world.muster_on(DAY, &format!("check list.csv {WORDS}")).out;
        assert!(told.contains("Élodie Schmidt-Weber"), "{heads}: {told}");

        // With the right number nobody is asked about.
        let rows = [row("004331", names[0]), row("004450", names[1]), row("004457", names[2])];
        let world = list(format!("{heads}\n{}", rows.concat()));
        let plan = plan(&world, &format!("list.csv {WORDS}"));
        assert_eq!(who(&plan, "deactivate").len(), 3, "{heads}: {plan:#}");
        assert!(holds(&plan).iter().all(|(id, _)| id != "reused" && id != "key"), "{plan:#}");
    }
}

#[test]
fn a_status_of_the_hr_system_is_asked_about_where_it_says_that_somebody_left() {
    for (head, here, left) in [
        ("Statut", "Actif", "Inactif"),
        ("Status", "Active", "Inactive"),
        ("Employment Status", "Active", "Terminated"),
        ("Beschäftigungsstatus", "Aktiv", "Ausgeschieden"),
        ("Lage", "aktiv", "inaktiv"),
        ("Estatus", "Activo", "Baja"),
    ] {
        let world = list(everybody(head, [left, here, here, here, left, here]));
        let plan = plan(&world, &format!("list.csv {WORDS}"));
        let way = plan["blockers"].to_string();
        let asked = format!("`{head}` looks like it and says that 2 people have left (`{left}`)");
        assert!(way.contains(&asked), "{way}");
        world.muster_on(DAY, &format!("kit list.csv {WORDS} --out kit")).exits(3);
    }
    // Where nobody has left by it, and where it says something else, nothing is in the way.
    for (head, words) in
        [("Statut", ["Actif"; 6]), ("Contrat", ["CDI", "CDD", "CDI", "CDI", "CDI", "CDI"])]
    {
        let world = list(everybody(head, words));
        let plan = plan(&world, &format!("list.csv {WORDS}"));
        assert_eq!(plan["blockers"], serde_json::json!([]), "{head}");
    }
}

#[test]
fn a_last_day_that_is_past_is_told_in_a_list_of_everybody() {
    for head in ["Termination Date", "Dernier jour", "Vertragsende"] {
        let world = list(everybody(head, ["15/11/2026", "", "", "", "01/03/2025", ""]));
        let told = world.muster_on(DAY, &format!("check list.csv {WORDS}")).out;
        let left = "Zoë Smith left on 15 November 2026, and Emtrain LMS has active `Yes`";
        assert!(told.contains(left), "{told}");
        assert_eq!(told.matches("[active-after-last-day]").count(), 1, "{told}");
        let also = plan(&world, &format!("list.csv {WORDS}"))["effects"]["also"].to_string();
        assert!(also.contains("still active in Emtrain LMS: Zoë Smith."), "{also}");
    }
}

#[test]
fn somebody_inactive_who_is_in_the_list_again_is_told() {
    let days = ["15/01/2016", "01/03/2018", "02/05/2019", "07/09/2020", "16/11/2026", "10/08/2021"];
    let world = list(everybody("Date d'embauche", days));
    let told = world.muster_on(DAY, &format!("check list.csv {WORDS}")).out;
    assert!(told.contains("Øyvind Santos began again on 16 November 2026"), "{told}");
    assert_eq!(told.matches("[inactive-at-work]").count(), 1, "{told}");
    let also = plan(&world, &format!("list.csv {WORDS}"))["effects"]["also"].to_string();
    assert!(also.contains("inactive in Emtrain LMS: Øyvind Santos."), "{also}");
}

#[test]
fn a_total_a_remark_or_one_stranger_does_not_hide_who_left() {
    let rows = "004331;Smith;Zoë;15/11/2026\n004450;García López;Jean-Luc;20/11/2026\n";
    let of = |more: &str| {
        let world = list(format!("Matricule;Nom;Prénom;Date de départ\n{rows}{more}"));
        plan(&world, &format!("list.csv {WORDS}"))
    };
    for more in ["Total : 2;;;\n", ";;;\nÉdité le 29/11/2026 par RH;;;\n"] {
        let told = of(more);
        assert_eq!(who(&told, "deactivate"), ["004331", "004450"], "{told:#}");
        assert_eq!((&told["blockers"], holds(&told)), (&serde_json::json!([]), vec![]), "{told:#}");
    }
    let told = of("009999;Lo;Ada;20/11/2026\n");
    assert_eq!(who(&told, "deactivate"), ["004331", "004450"], "{told:#}");
    let way = told["blockers"].to_string();
    assert!(way.contains("Ada Lo (line 4)"), "{way}");
    // Without a name, it is what the row has.
    let world = list(
        "Courriel;Date de départ\nzoe.smith@example.com;15/11/2026\nno@example.com;15/11/2026\n",
    );
    let plan = plan(&world, &format!("list.csv {WORDS}"));
    let way = plan["blockers"].to_string();
    assert!(way.contains("no@example.com (line 3)") && !way.contains("problems:  ("), "{way}");
}
