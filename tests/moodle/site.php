<?php
// Before each call of PHP's own web server, for the tests of Muster: `/muster-tests` puts people, cohorts and settings into
// this Moodle's database and tells what is in it; every other address is Moodle's.
//
//   {}                                what is there
//   {"put": {people, cohorts, …}}     makes it so, then tells
//   {"passwords": […]}                words of which the passwords that people have are told; of others the hash is

if (strtok($_SERVER['REQUEST_URI'], '?') !== '/muster-tests') {
    return false;
}
$work = getenv('MOODLE_WORK');
$number = getenv('MOODLE_SITE');
// Neither of these two lets anybody in, also not this.
$closed = ["$work/data$number/climaintenance.html" => null, "$work/root$number" => null];
foreach ($closed as $file => $_) {
    $closed[$file] = is_file($file) ? file_get_contents($file) : null;
    if ($closed[$file] !== null) {
        unlink($file);
    }
}
define('NO_MOODLE_COOKIES', true);
require("$work/files/config.php");
require_once("$CFG->dirroot/user/lib.php");
set_exception_handler(function (Throwable $e): void {
    http_response_code(500);
    echo get_class($e), ': ', $e->getMessage(), ' ', $e->debuginfo ?? '', "\n", $e->getTraceAsString();
});

// The columns of a person that the tests speak of.
const COLUMNS = [
    'username', 'firstname', 'lastname', 'email', 'idnumber', 'department', 'institution', 'city', 'country', 'timezone',
    'lang', 'auth', 'phone1', 'phone2', 'address', 'description', 'middlename', 'alternatename', 'firstnamephonetic',
    'lastnamephonetic', 'maildisplay', 'mailformat', 'theme', 'password',
];

$asked = json_decode(file_get_contents('php://input'));
$known = $asked->passwords ?? [];
if (isset($asked->put)) {
    put_people($asked->put->people, $known, $asked->put->is_new);
    put_cohorts($asked->put->cohorts);
    put_settings($asked->put->settings);
    $settings = $asked->put->settings;
    $closed = [
        "$work/data$number/climaintenance.html" => $settings->maintenance ? '<!DOCTYPE html><html></html>' : null,
        "$work/root$number" => $settings->wwwroot,
    ];
    $off = "$work/mails$number/off";
    if ($settings->cannot_mail) {
        touch($off);
    } else if (is_file($off)) {
        unlink($off);
    }
    if ($asked->put->is_new) {
        array_map('unlink', glob("$work/mails$number/*.mail"));
        $DB->execute("ALTER TABLE {user} AUTO_INCREMENT = {$asked->put->next_id}");
    }
}
$told = [
    'people' => people($known),
    'cohorts' => cohorts(),
    'mails' => array_map('mail_of', glob("$work/mails$number/*.mail")),
    'next_id' => (int) $DB->get_field_sql('SELECT AUTO_INCREMENT FROM information_schema.TABLES
        WHERE TABLE_SCHEMA = DATABASE() AND TABLE_NAME = ?', [$CFG->prefix . 'user']),
    'token_is_gone' => !$DB->record_exists('external_tokens', []),
];
foreach ($closed as $file => $holds) {
    if ($holds !== null) {
        file_put_contents($file, $holds);
    }
}
header('Content-Type: application/json');
echo json_encode($told, JSON_THROW_ON_ERROR);
return true;

function administrators(): array {
    global $CFG;
    return explode(',', $CFG->siteadmins);
}

function of_users(string $sql): array {
    global $DB;
    $all = [];
    $rows = $DB->get_recordset_sql($sql);
    foreach ($rows as $row) {
        $all[$row->userid][$row->name] = (string) $row->value;
    }
    $rows->close();
    return $all;
}

function custom_values(): array {
    return of_users('SELECT d.userid, f.shortname AS name, d.data AS value FROM {user_info_data} d
        JOIN {user_info_field} f ON f.id = d.fieldid');
}

function preferences(): array {
    // This one is Moodle's own note of when it was last called.
    return of_users("SELECT userid, name, value FROM {user_preferences} WHERE name <> 'last_time_enrolments_synced'");
}

function people(array $known): array {
    global $DB;
    [$custom, $preferences] = [custom_values(), preferences()];
    $roles = $DB->get_records_sql_menu('SELECT DISTINCT userid, 1 FROM {role_assignments}');
    $people = [];
    foreach ($DB->get_records('user', null, 'id') as $user) {
        $values = [];
        foreach (COLUMNS as $column) {
            // What was never said of somebody is not the same as a blank.
            if ($user->$column !== null) {
                $values[$column] = (string) $user->$column;
            }
        }
        $values['password'] = password_of($user, $known);
        $people[] = [
            'id' => (int) $user->id,
            'values' => $values,
            'custom' => (object) ($custom[$user->id] ?? []),
            'preferences' => (object) ($preferences[$user->id] ?? []),
            'suspended' => (bool) $user->suspended,
            'unconfirmed' => !$user->confirmed,
            'deleted' => (bool) $user->deleted,
            'site_administrator' => in_array($user->id, administrators()),
            'has_role' => isset($roles[$user->id]),
            'last_access' => (int) $user->lastaccess,
        ];
    }
    return $people;
}

function password_of(stdClass $user, array $known): string {
    if ($user->password === '' || $user->password === AUTH_PASSWORD_NOT_CACHED) {
        return '';
    }
    foreach ($known as $word) {
        if (validate_internal_user_password($user, $word)) {
            return $word;
        }
    }
    return $user->password;
}

function put_people(array $people, array $known, bool $is_new): void {
    global $DB, $CFG;
    $there = $DB->get_records('user');
    // Whoever is to be there may have the name of somebody who is not, or of somebody of another test. The first three stay.
    $gone = $is_new ? array_filter($there, fn($user) => $user->id > 3)
        : array_diff_key($there, array_flip(array_column($people, 'id')));
    $there = array_diff_key($there, $gone);
    if ($gone) {
        foreach (['user_info_data' => 'userid', 'user_preferences' => 'userid', 'cohort_members' => 'userid',
            'user_password_history' => 'userid', 'user' => 'id'] as $table => $column) {
            $DB->delete_records_list($table, $column, array_keys($gone));
        }
        [$in, $ids] = $DB->get_in_or_equal(array_keys($gone));
        $DB->delete_records_select('context', 'contextlevel = ' . CONTEXT_USER . " AND instanceid $in", $ids);
        cache_helper::purge_all();
    }
    [$custom, $preferences] = [custom_values(), preferences()];
    $fields = $DB->get_records_menu('user_info_field', null, '', 'shortname, id');
    $administrators = [];
    foreach ($people as $person) {
        $id = $person->id;
        $user = $there[$id] ?? null;
        if ($person->site_administrator) {
            $administrators[] = $id;
        }
        if ($person->deleted) {
            if ($user && !$user->deleted) {
                delete_user($user);
            }
            continue;
        }
        $row = ['id' => $id, 'suspended' => (int) $person->suspended, 'confirmed' => (int) !$person->unconfirmed,
            'deleted' => 0, 'lastaccess' => $person->last_access];
        foreach (COLUMNS as $column) {
            $row[$column] = $person->values->$column ?? ($column === 'description' ? null : '');
        }
        if ($user && password_of($user, $known) === $row['password']) {
            unset($row['password']);
        } else if ($row['password'] !== '') {
            $row['password'] = hash_internal_user_password($row['password']);
        }
        if (!$user) {
            $DB->insert_record_raw('user', $row + [
                'mnethostid' => $CFG->mnet_localhost_id, 'descriptionformat' => 1, 'timecreated' => time(),
            ], false, true, true);
        } else if (array_diff_assoc(array_map('strval', $row), array_map('strval', (array) $user))) {
            $DB->update_record_raw('user', $row);
        }
        put_values($id, 'user_info_data', (array) $person->custom, $custom[$id] ?? [], fn($name, $value) =>
            [['fieldid' => $fields[$name]], ['data' => $value]]);
        put_values($id, 'user_preferences', (array) $person->preferences, $preferences[$id] ?? [], fn($name, $value) =>
            [['name' => $name], ['value' => $value]]);
    }
    put_config('siteadmins', implode(',', $administrators));
}

// Each of somebody's values has a row of its own, found by what `row` answers first and with what it answers second in it.
function put_values(int $id, string $table, array $wanted, array $has, callable $row): void {
    global $DB;
    foreach ($has as $name => $value) {
        if (!isset($wanted[$name])) {
            $DB->delete_records($table, ['userid' => $id] + $row($name, $value)[0]);
        }
    }
    foreach ($wanted as $name => $value) {
        if (($has[$name] ?? null) === $value) {
            continue;
        }
        [$by, $with] = $row($name, $value);
        $by += ['userid' => $id];
        $DB->delete_records($table, $by);
        $DB->insert_record_raw($table, $by + $with);
    }
}

function cohorts(): array {
    global $DB;
    $cohorts = [];
    foreach ($DB->get_records('cohort', null, 'id') as $cohort) {
        $members = $DB->get_fieldset_select('cohort_members', 'userid', 'cohortid = ? ORDER BY userid', [$cohort->id]);
        $cohorts[] = ['id' => (int) $cohort->id, 'name' => $cohort->name, 'idnumber' => $cohort->idnumber,
            'members' => array_map('intval', $members)];
    }
    return $cohorts;
}

function put_cohorts(array $cohorts): void {
    global $DB;
    $there = $DB->get_records('cohort', null, 'id', 'id, name, idnumber');
    foreach ($cohorts as $cohort) {
        $row = ['id' => $cohort->id, 'name' => $cohort->name, 'idnumber' => $cohort->idnumber];
        if (!isset($there[$cohort->id])) {
            $DB->insert_record_raw('cohort', $row + [
                'contextid' => context_system::instance()->id, 'descriptionformat' => 1, 'description' => '', 'visible' => 1,
                'theme' => '', 'component' => '', 'timecreated' => time(), 'timemodified' => time(),
            ], false, true, true);
        } else if ((array) $there[$cohort->id] != $row) {
            $DB->update_record_raw('cohort', $row);
        }
        unset($there[$cohort->id]);
        $has = $DB->get_fieldset_select('cohort_members', 'userid', 'cohortid = ?', [$cohort->id]);
        foreach (array_diff($has, $cohort->members) as $gone) {
            $DB->delete_records('cohort_members', ['cohortid' => $cohort->id, 'userid' => $gone]);
        }
        foreach (array_diff($cohort->members, $has) as $new) {
            $DB->insert_record_raw('cohort_members', ['cohortid' => $cohort->id, 'userid' => $new, 'timeadded' => time()]);
        }
    }
    $DB->delete_records_list('cohort_members', 'cohortid', array_keys($there));
    $DB->delete_records_list('cohort', 'id', array_keys($there));
}

function put_config(string $name, string $value): void {
    global $CFG;
    if ((string) ($CFG->$name ?? '') !== $value) {
        set_config($name, $value);
    }
}

function put_settings(stdClass $settings): void {
    global $DB;
    put_config('allowaccountssameemail', $settings->same_email ? '1' : '0');
    put_config('showuseridentity', $settings->phones_listed ? 'email,phone1,phone2' : 'email');
    put_config('debug', $settings->debugging ? (string) DEBUG_DEVELOPER : '0');
    put_config('debugdisplay', $settings->debugging ? '1' : '0');
    put_config('enablewebservices', $settings->services_on ? '1' : '0');
    put_config('maintenance_enabled', $settings->closed ? '1' : '0');
    put_config('sitepolicy', $settings->policy_not_agreed ? 'https://moodle.example.com/user/policy.php' : '');
    put_config('sitepolicyhandler', '');
    // One that everybody has to fill, which the account of the token has not.
    $needed = ['shortname' => 'needed'];
    if ($settings->not_set_up && !$DB->record_exists('user_info_field', $needed)) {
        $like = $DB->get_record('user_info_field', ['shortname' => 'costcentre']);
        $DB->insert_record('user_info_field', ['id' => null, 'shortname' => 'needed', 'required' => 1] + (array) $like);
    } else if (!$settings->not_set_up) {
        $DB->delete_records('user_info_field', $needed);
    }

    $service = $DB->get_record('external_services', ['shortname' => 'muster']);
    $functions = $DB->get_fieldset_select('external_services_functions', 'functionname', 'externalserviceid = ?',
        [$service->id]);
    foreach (array_diff($functions, $settings->functions) as $name) {
        $DB->delete_records('external_services_functions', ['externalserviceid' => $service->id, 'functionname' => $name]);
    }
    foreach (array_diff($settings->functions, $functions) as $name) {
        $DB->insert_record('external_services_functions', ['externalserviceid' => $service->id, 'functionname' => $name]);
    }

    $role = $DB->get_record('role', ['shortname' => 'muster']);
    $system = context_system::instance();
    $has = $DB->get_fieldset_select('role_capabilities', 'capability', 'roleid = ?', [$role->id]);
    $wanted = array_diff(array_merge(listed($settings->functions), $settings->capabilities), $settings->lacks);
    foreach (array_diff($has, $wanted) as $capability) {
        unassign_capability($capability, $role->id, $system);
    }
    foreach (array_diff($wanted, $has) as $capability) {
        assign_capability($capability, CAP_ALLOW, $role->id, $system);
    }

    $DB->delete_records('external_tokens');
    if (!$settings->token_is_gone) {
        $DB->insert_record('external_tokens', [
            'token' => $settings->token, 'userid' => $settings->own, 'externalserviceid' => $service->id,
            'tokentype' => EXTERNAL_TOKEN_PERMANENT, 'contextid' => $system->id, 'creatorid' => 2, 'timecreated' => time(),
            'validuntil' => $settings->expired ? time() - 60 : 0, 'name' => 'Muster',
        ]);
    }
}

// The capabilities that Moodle lists for functions, and that of calling any.
function listed(array $functions): array {
    global $DB;
    $listed = ['webservice/rest:use'];
    foreach ($DB->get_records_list('external_functions', 'name', $functions) as $function) {
        $listed = array_merge($listed, array_map('trim', explode(',', (string) $function->capabilities)));
    }
    return array_unique(array_filter($listed));
}

function mail_of(string $file): array {
    $mail = quoted_printable_decode(file_get_contents($file));
    preg_match('/^To: .*?([^\s<>]+@[^\s<>]+)/mi', $mail, $to);
    preg_match('/password: (\S+)/i', $mail, $password);
    return ['to' => $to[1] ?? '', 'password' => $password[1] ?? ''];
}
