//! Names of people and places with letters beyond A to Z that many have, in small letters: where one encoding makes such
//! names of a text and another does not, it was that one.

use std::sync::LazyLock;

use rustc_hash::FxHashSet;

/// By where they are common.
const NAMES: &[&str] = &[
    // German.
    "müller jürgen jörg jörn björn günther günter köhler könig krüger schäfer jäger böhm möller weiß groß strauß preuß kröger \
     schröder schütz hübner förster götz görtz grün grünwald vögel fröhlich röder bäcker bäumer bühler dörr döring kühn kühne \
     lösch löw lüdtke märz nölle pätzold plöger rößler rüdiger sönke sören stöhr süß träger wörner würth zöllner völker bärbel \
     häußler geißler heß voß großmann weißmann kästner mößner göbel büttner schönfeld schüßler jäckel käthe köln münchen \
     düsseldorf zürich österreich nürnberg würzburg göttingen tübingen lübeck saarbrücken fürth münster straße rené andré \
     schäffer kürschner lämmle bürger fürst krämer lünser mühl böttcher schwärzler jäggi hügli züger",
    // French.
    "françois françoise renée andrée hélène éric élodie émilie stéphane stéphanie jérôme cécile céline aurélie frédéric gérard \
     grégoire léa chloé zoé zoë brontë noël joël gaël raphaël michaël anaïs loïc maël élise étienne édouard benoît thérèse \
     geneviève mélanie valérie véronique jérémy rémi rémy théo léo hervé besançon orléans béziers lefèvre lévêque sinéad seán",
    // Spanish, Portuguese and Italian.
    "josé maría jesús ángel ángela andrés sofía lucía garcía lópez pérez gonzález rodríguez hernández martínez sánchez ramírez \
     gómez fernández álvarez díaz jiménez muñoz núñez peña ibáñez ordóñez vázquez suárez gutiérrez méndez málaga córdoba cádiz \
     león bogotá méxico perú inés belén mónica verónica víctor óscar raúl joão antónio inês conceição gonçalves araújo simões \
     magalhães guimarães são fátima márcia cláudia patrícia lúcia niccolò nicolò forlì",
    // Nordic and Finnish.
    "søren jørgen bjørn øystein øyvind åse åsa ødegård sørensen jørgensen kjær björk østergaard århus malmö göran jönsson \
     sjöström åström ångström angström örjan märta håkan håkon åke pär västerås örebro linköping växjö kåre pål ståle bjørnson \
     tromsø bodø køb ørsta þór þórður guðrún sigurður jón kristín ragnheiður guðmundur jóhanna jóhannes ásta örn mäkinen \
     hämäläinen järvinen päivi väinö jyväskylä mäki pärnu tõnu õnne",
    // Polish.
    "łukasz łucja wójcik wiśniewski wiśniewska dąbrowski dąbrowska zieliński zielińska woźniak kozłowski małgorzata paweł \
     michał stanisław bronisław wacław zdzisław mirosław jarosław gdańsk łódź kraków poznań wrocław żak żółć rafał grażyna \
     józef kamiński kaczyński szymański górski jabłoński król piątek pawłowski michałowski",
    // Czech and Slovak.
    "jiří němec němcová dvořák dvořáková novák nováková novotný černý procházka kučera veselý horák pospíšil hájek růžička \
     beneš sedláček kolář navrátil čermák říha říhová šimek svobodová tomáš lukáš ondřej matěj vojtěch štěpán zdeněk václav \
     františek šárka eliška kateřina plzeň kroměříž mikuláš ľubica ľuboš ján peťo katarína mária košice žilina ľudovít",
    // Hungarian and Romanian.
    "szőke lászló józsef györgy jános ágnes éva gábor péter zoltán istván sándor andrás tamás miklós erzsébet tóth szabó kovács \
     horváth németh győr székesfehérvár ödön őrs szűcs bálint dávid lukács ștefan ştefan ionuț ionuţ mihăiță cătălin cătălina \
     mădălina răzvan călin țurcanu ţurcanu iași iaşi timișoara timişoara bucurești bucureşti brașov braşov",
    // Croatian, Slovene, Bosnian and Serbian.
    "ivanković petrović jovanović marković nikolić đorđević kovačević šimić žižek žarko željko željka siniša šime dušan tomić \
     babić perić jurić franjić čačak niš nikšić ljubiša vučić stanković anđela",
    // Turkish.
    "çağla yılmaz şükrü ayşe işıl ışıl öztürk şahin çelik çetin çakır doğan yıldız yıldırım aydın kılıç özdemir güneş gülşen \
     gökhan göksel hüseyin şeyma şule uğur oğuz tuğba tuğçe ağaoğlu i̇zmir beşiktaş ığdır muğla eskişehir öğretmen çalışkan \
     bülent ümit ünal ömer özge özlem özgür",
    // Baltic.
    "bērziņš ģirts jānis kārlis liepiņš ozoliņš žydrūnas šimkus šarūnas jonaitė līga pēteris mārtiņš rūta žemaitis",
];

static KNOWN: LazyLock<FxHashSet<&'static str>> =
    LazyLock::new(|| NAMES.iter().flat_map(|names| names.split_ascii_whitespace()).collect());

/// Whether many people or places are called so.
pub(super) fn is_known(word: &str) -> bool {
    let word = word.trim_matches('\'');
    // Longer ones are no names.
    word.len() <= 40 && KNOWN.contains(word.to_lowercase().as_str())
}

/// The letters beyond A to Z of languages that are written in Latin letters. Those of German, and `é`, stand in names
/// everywhere.
const ALPHABETS: &[&str] = &[
    "àâæçèêëîïôœùûÿñáíóúòì·",
    "áâãàçêíóôõú",
    "åæøèáêóôòíúýðþ",
    "ąćęłńóśźż",
    "áčďěíĺľňóôŕřšťúůýžć",
    "áíóőúű",
    "ăâîșțşţ",
    "čćđšž",
    "çğıi̇şâîû",
    "āčēģīķļņšūžōŗ",
    "ąčęėįšųūž",
    "õšžå",
    "âêîôûŵŷáíóúëï",
    "ċġħżà",
    "çë",
    "çəğışı",
];

/// Whether the Latin letters of a word stand together in the alphabet of any language.
pub(super) fn is_of_a_language(word: &str) -> bool {
    let is_latin = |c: &char| matches!(c, '\u{C0}'..='\u{24F}' | '\u{259}') && c.is_alphabetic();
    // Vietnamese has letters that no old encoding has beside those of others.
    let is_vietnamese = |c: char| matches!(c, '\u{1E00}'..='\u{1EFF}' | 'ơ' | 'ư' | 'Ơ' | 'Ư');
    if word.contains(is_vietnamese) {
        return true;
    }
    let everywhere = |c: &char| "äöüßé".contains(*c);
    let lower = word.to_lowercase();
    let letters: Vec<char> = lower.chars().filter(|c| is_latin(c) && !everywhere(c)).collect();
    letters.is_empty()
        || ALPHABETS.iter().any(|alphabet| letters.iter().all(|c| alphabet.contains(*c)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_known_and_letters_are_of_a_language() {
        assert!(is_known("Müller") && is_known("ŁUKASZ") && is_known("Çağla") && is_known("İzmir"));
        assert!(!is_known("MŸller") && !is_known("£ukasz") && !is_known(""));
        for word in ["Çelik", "Ødegård", "Großová", "Nguyễn", "Jönsdóttir", "Ąžuolas", "Ada"]
        {
            assert!(is_of_a_language(word), "{word}");
        }
        for word in ["Çaðla", "Çađla", "Jøří"] {
            assert!(!is_of_a_language(word), "{word}");
        }
    }
}
