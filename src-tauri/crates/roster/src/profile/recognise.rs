//! Which profile a header belongs to.

use super::{Field, Profile, synonyms};

/// The profile that fits a header best, and how well.
#[derive(Debug, Clone, Copy)]
pub struct Recognised<'p> {
    /// The one that fits best.
    pub profile: &'p Profile,
    /// How many of the file's columns it knows.
    pub known: usize,
    /// How many columns the file has.
    pub of: usize,
    /// Whether all is there that tells its files from any other list; else it is a guess, to be asked about.
    pub sure: bool,
}

/// What of a column name counts: letters and digits, without case. A constant code in brackets, as some exports
/// have it after a translated word, counts alone.
///
/// ```
/// use muster_roster::profile::header_form;
///
/// assert_eq!(header_form("E-Mail (required)"), "email");
/// assert_eq!(header_form("Geburtsjahr (BIRTH_YEAR)"), "birthyear");
/// ```
pub fn header_form(name: &str) -> String {
    let name = name.trim();
    // Whatever space stands before it: some programs make one of it that does not break.
    let name = name
        .strip_suffix("(required)")
        .or_else(|| name.strip_suffix("(optional)"))
        .filter(|rest| rest.ends_with(char::is_whitespace))
        .unwrap_or(name);
    let code = name
        .strip_suffix([')', '）'])
        .and_then(|n| n.rsplit_once(['(', '（']))
        .map(|(_, code)| code);
    let counted = match code {
        Some(code)
            if !code.is_empty() && code.chars().all(|c| c.is_ascii_uppercase() || c == '_') =>
        {
            code
        }
        _ => name,
    };
    counted.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

impl Field {
    /// Whether a column of this name is this field.
    pub fn is_headed(&self, form: &str) -> bool {
        self.headers.iter().any(|h| header_form(h) == form) || self.is_inferred(form)
    }

    /// Whether that is only known by what the name means.
    pub fn is_inferred(&self, form: &str) -> bool {
        self.headers_inferred.iter().any(|h| header_form(h) == form)
            && self.headers.iter().all(|h| header_form(h) != form)
    }
}

impl Profile {
    /// Whether two profiles are of one LMS: the same, or one based on the other, or both on a third.
    pub fn is_of_family(&self, other: &Profile) -> bool {
        let base = |p: &'_ Profile| p.based_on.clone().unwrap_or_else(|| p.id.clone());
        base(self) == base(other)
    }

    /// How many of the fields that only files of this LMS have in such a spelling are there, and how many there are.
    fn distinctive_of(&self, names: &[String]) -> (usize, usize) {
        // Blanks and signs count: `firstname` is one program's, and `First name` anybody's.
        let bare = |name: &str| {
            let name = name.trim();
            let bare = name.strip_suffix("(required)").or_else(|| name.strip_suffix("(optional)"));
            bare.unwrap_or(name).trim().to_lowercase()
        };
        let there: Vec<String> = names.iter().map(|name| bare(name)).collect();
        let (mut all, mut present) = (0, 0);
        for field in &self.fields {
            let mut own = self.distinctive.iter().filter(|h| field.is_headed(&header_form(h)));
            all += usize::from(own.clone().next().is_some());
            present += usize::from(own.any(|header| there.contains(&bare(header))));
        }
        (present, all)
    }

    /// Whether a header can hardly be another LMS's: nearly all of it is this profile's, among it a name that no other
    /// list of people has.
    pub fn is_unmistakable(&self, names: &[String]) -> bool {
        let forms: Vec<String> = names.iter().map(|name| header_form(name)).collect();
        let own = |form: &&String| {
            self.fields.iter().any(|f| f.headers.iter().any(|h| header_form(h) == **form))
        };
        let known: Vec<&String> = forms.iter().filter(own).collect();
        let needed = |f: &Field| !f.column_required || forms.iter().any(|form| f.is_headed(form));
        let is_special = |form: &&&String| synonyms::meaning_of(form).is_none();
        known.len() >= 3
            && known.len() * 3 >= forms.len() * 2
            && self.fields.iter().all(needed)
            && known.iter().any(|form| is_special(&form))
    }
}

/// The best fit among profiles: see [`candidates`]. The first, where several fit equally well.
pub fn recognise<'p>(
    names: &[String],
    profiles: impl IntoIterator<Item = &'p Profile>,
) -> Option<Recognised<'p>> {
    candidates(names, profiles).into_iter().next()
}

/// The profiles that fit a header best, all of them equally well; none where no profile fits. One fits if all its needed
/// columns are there, and more than half of the file's columns are its own; or, in a file of many other columns, two
/// thirds of the profile's, or each that tells a file of this LMS from any other list. What only its files have is there at
/// least in part: a plain list of people is of no LMS.
pub fn candidates<'p>(
    names: &[String],
    profiles: impl IntoIterator<Item = &'p Profile>,
) -> Vec<Recognised<'p>> {
    let forms: Vec<String> = names.iter().map(|n| header_form(n)).collect();
    let fits = |profile: &'p Profile| {
        if let Some((_, known)) = profile.other_export(names) {
            return Some(Recognised { profile, known, of: forms.len(), sure: true });
        }
        let headed = |field: &Field| forms.iter().any(|form| field.is_headed(form));
        let known = profile.fields.iter().filter(|f| headed(f)).count();
        let is_telling = |f: &&Field| profile.recognised_by.contains(&f.id);
        let telling = || profile.fields.iter().filter(is_telling);
        let needed = profile.fields.iter().filter(|f| f.column_required).all(headed)
            && (profile.recognised_by.is_empty() || telling().any(headed));
        // A word that any list of people may have tells nothing among many others.
        let is_word = |f: &Field| {
            let known = |header: &String| synonyms::meaning_of(&header_form(header)).is_some();
            f.headers.iter().any(known)
        };
        let own = profile.fields.len();
        let all_telling = telling().any(|f| !is_word(f)) && telling().all(headed);
        let enough = known >= 3.min(own)
            && (known * 2 > forms.len()
                || (known >= 5 && known * 3 >= own * 2)
                || (known >= 3 && (known == own || all_telling)));
        let (present, distinctive) = profile.distinctive_of(names);
        let is_it = needed && enough && (present > 0 || distinctive == 0);
        let of = forms.len();
        let sure = present == distinctive;
        (is_it && !profile.fields.is_empty()).then_some(Recognised { profile, known, of, sure })
    };
    // With as many columns known, the profile that has them in this order is the closer one, and then the one that
    // lacks fewer of its own.
    let in_order = |profile: &Profile| {
        let place = |form: &String| profile.fields.iter().position(|f| f.is_headed(form));
        let places: Vec<usize> = forms.iter().filter_map(place).collect();
        places.windows(2).filter(|pair| pair[0] < pair[1]).count()
    };
    let closeness =
        |r: &Recognised| (r.known, in_order(r.profile), usize::MAX - r.profile.fields.len());
    let mut all: Vec<Recognised<'p>> = profiles.into_iter().filter_map(fits).collect();
    let Some(best) = all.iter().map(closeness).max() else { return Vec::new() };
    all.retain(|r| closeness(r) == best);
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(header: &str) -> Vec<String> {
        header.split(',').map(String::from).collect()
    }

    #[test]
    fn edapp_is_recognised_by_its_export_its_template_and_bare_names() {
        let profiles: Vec<Profile> =
            ["edapp", "generic"].into_iter().filter_map(Profile::built_in).collect();
        for header in [
            "email (required),username (optional),firstname (optional),lastname (optional),usergroups (optional),roles (optional),dateregistered,password (optional),externalid (optional)",
            "email (required),username (optional),firstname (optional),lastname (optional),usergroups (optional),roles (optional),password (optional),externalid (optional),job title",
            "email,username,firstname,lastname,usergroups,roles,password,externalid",
            "email,username,firstname,lastname,usergroups,roles,externalid,a,b,c,d,e,f,g,h,i,j,k,l",
        ] {
            let found = recognise(&names(header), &profiles).expect("recognised");
            assert_eq!(found.profile.id, "edapp");
        }
        assert!(recognise(&names("colour,size"), &profiles).is_none());
    }

    #[test]
    fn kolibri_is_recognised_whatever_language_its_words_are_in() {
        let profiles: Vec<Profile> =
            ["edapp", "generic", "kolibri"].into_iter().filter_map(Profile::built_in).collect();
        for header in [
            "Database ID (UUID),Username (USERNAME),Password (PASSWORD),Full name (FULL_NAME),User type (USER_TYPE),Identifier (IDENTIFIER),Birth year (BIRTH_YEAR),Gender (GENDER),Learner enrollment (ENROLLED_IN),Coach assignment (ASSIGNED_TO)",
            "ID de la base de données (UUID),Nom d'utilisateur (USERNAME),Mot de passe (PASSWORD),Nom complet (FULL_NAME),Type d'utilisateur (USER_TYPE),Identifiant (IDENTIFIER),Année de naissance (BIRTH_YEAR),Genre (GENDER),Inscription (ENROLLED_IN),Affectation (ASSIGNED_TO)",
            "数据库 ID(UUID),用户名 (USERNAME),密码(PASSWORD),全名 (FULL_NAME),用户类型 (USER_TYPE),标识符（IDENTIFIER）,出生年份 (BIRTH_YEAR),性别 (GENDER),学习者注册(ENROLLED_IN),教师分配 (ASSIGNED_TO)",
            "UUID,USERNAME,PASSWORD,FULL_NAME,USER_TYPE,IDENTIFIER,BIRTH_YEAR,GENDER,ENROLLED_IN,ASSIGNED_TO",
        ] {
            let found = recognise(&names(header), &profiles).expect("recognised");
            assert_eq!((found.profile.id.as_str(), found.known), ("kolibri", 10), "{header}");
        }
    }

    #[test]
    fn each_lms_is_recognised_by_its_own_header_and_by_no_other() {
        let profiles: Vec<Profile> =
            crate::profile::BUILT_IN.iter().filter_map(|(id, _)| Profile::built_in(id)).collect();
        for (header, id) in [
            (
                "Unique Key,First Name,Last Name,Email Address,Login Name,Password,Active,Location,Department",
                "emtrain-learners",
            ),
            ("KEY,first name,last name,email,login,password,ACTIVE,location", "emtrain-learners"),
            (
                "First Name,Last Name,Email Address,Supervisor Status,US State Code,City,Country ISO Code,Employee ID,Hire Date,User Status",
                "emtrain-roster",
            ),
            ("Name,Email,Language,Country,Region,Hire date", "workleap"),
            ("Full name,Email,Country code,Province code", "workleap"),
            ("Email,userName,reference", "kaspersky-asap"),
            ("Email,userName,reference,Department,Position", "kaspersky-asap"),
            (
                "User ID,Email,First name,Last name,Status,Password,Seat type,Permission set,Groups,Sites",
                "safetyculture",
            ),
            ("username,firstname,lastname,email", "moodle"),
            (
                "user_id,integration_id,login_id,password,first_name,last_name,full_name,sortable_name,short_name,email,status",
                "canvas-sis",
            ),
            (
                "sourcedId,status,dateLastModified,enabledUser,orgSourcedIds,role,username,userIds,givenName,familyName,middleName,identifier,email,sms,phone,agentSourcedIds,grades,password",
                "oneroster-users",
            ),
            ("email,username,firstname,lastname", "edapp"),
            ("userName,name.givenName,name.familyName,emails,active,department", "scim"),
        ] {
            let found = recognise(&names(header), &profiles).expect(header);
            assert_eq!(found.profile.id, id, "{header}");
        }
        for header in [
            "First Name,Last Name,Email,Department",
            "Employee ID,Name,Phone",
            "Name,Email,Team,Start date",
            // Plain lists of HR, each of which has the words of some LMS and nothing that is only its own.
            "Name,Email,Country,Region,Hire date",
            "First Name,Last Name,Email,Employee ID,Hire Date,Status",
            "First Name,Last Name,Email,Username,Active",
            "Email,Username,First Name,Last Name",
            "Username,First name,Last name,Email,City,Country,Department",
            "User ID,Email,First name,Last name,Status,Groups",
            "Employee ID,First Name,Last Name,Email Address,Manager Email,Title,Location,City,Start Date,Date of Birth",
            "Given Name,Family Name,Email,Role,Username,Status",
        ] {
            let found = recognise(&names(header), &profiles);
            assert!(found.is_none(), "{header} is {}", found.expect("found").profile.id);
        }
    }

    #[test]
    fn where_only_a_part_of_what_tells_is_there_it_is_a_guess() {
        let profiles: Vec<Profile> =
            crate::profile::BUILT_IN.iter().filter_map(|(id, _)| Profile::built_in(id)).collect();
        for (header, id, sure) in [
            (
                "email (required),username (optional),firstname (optional),lastname (optional),usergroups (optional),externalid (optional)",
                "edapp",
                true,
            ),
            ("email,username,firstname,lastname", "edapp", false),
            ("username,firstname,lastname,email", "moodle", false),
            ("username,firstname,lastname,email,idnumber", "moodle", true),
            (
                "First Name,Last Name,Email Address,Employee ID,User Status,Admin Access",
                "emtrain-roster",
                false,
            ),
            ("Email,userName,reference", "kaspersky-asap", true),
            ("user_id,login_id,status,email", "canvas-sis", true),
            ("Name,Email,Language,Country,State/Region,Joined", "workleap", true),
        ] {
            let found = recognise(&names(header), &profiles).expect(header);
            assert_eq!((found.profile.id.as_str(), found.sure), (id, sure), "{header}");
        }
    }

    #[test]
    fn all_telling_columns_are_enough_however_many_others_there_are() {
        let profiles: Vec<Profile> =
            crate::profile::BUILT_IN.iter().filter_map(|(id, _)| Profile::built_in(id)).collect();
        let more = "Department,Shoe size,Start date,Floor,Locker,Badge,Team,Phone";
        for (header, id) in [
            ("Email,userName,reference", "kaspersky-asap"),
            ("Name,Email,Language,Country,Region", "workleap"),
            ("user_id,login_id,status", "canvas-sis"),
        ] {
            let found = recognise(&names(&format!("{header},{more}")), &profiles).expect(header);
            assert_eq!(found.profile.id, id);
        }
        // What any list of people has tells nothing.
        let header = names(&format!("Name,Email,Country,Region,{more}"));
        assert!(recognise(&header, &profiles).is_none());
    }

    #[test]
    fn two_that_fit_equally_are_both_told() {
        let edapp = Profile::built_in("edapp").expect("built in");
        let other = Profile { id: "other".into(), ..edapp.clone() };
        let workleap = Profile::built_in("workleap").expect("built in");
        let found = candidates(&names("email,username,firstname"), [&edapp, &workleap, &other]);
        let ids: Vec<&str> = found.iter().map(|f| f.profile.id.as_str()).collect();
        assert_eq!(ids, ["edapp", "other"]);
    }

    #[test]
    fn a_constant_code_in_brackets_counts_alone() {
        assert_eq!(header_form("Benutzername (USERNAME)"), "username");
        assert_eq!(header_form("\u{feff}E-Mail Address"), "emailaddress");
        assert_eq!(header_form("email (required)"), "email");
    }
}
