<?php
// What a Moodle that was installed a moment ago lacks for the tests: web services, an account of its own for them with a
// role, and two fields of people that the site has made. What differs from test to test is put into it by `site.php`.

define('CLI_SCRIPT', true);
require(getenv('MOODLE_WORK') . '/files/config.php');
require_once("$CFG->dirroot/user/lib.php");

set_config('webserviceprotocols', 'rest');
// Its own would be of a number and no name, and nothing is mailed from such.
set_config('noreplyaddress', 'noreply@example.com');
$DB->insert_record('external_services', [
    'name' => 'Muster', 'shortname' => 'muster', 'enabled' => 1, 'restrictedusers' => 0, 'timecreated' => time(),
]);

$user = user_create_user([
    'username' => 'wsmuster', 'firstname' => 'Web', 'lastname' => 'Service', 'email' => 'wsmuster@example.com',
    'auth' => 'manual', 'confirmed' => 1, 'mnethostid' => $CFG->mnet_localhost_id,
], false);
$role = create_role('Muster', 'muster', 'What Moodle lists for the functions of the service');
set_role_contextlevels($role, [CONTEXT_SYSTEM]);
role_assign($role, $user, context_system::instance());

$category = $DB->insert_record('user_info_category', ['name' => 'At work', 'sortorder' => 1]);
$fields = [['costcentre', 'Cost centre', 'text', '30'], ['site', 'Site', 'menu', "Oslo\nGraz"]];
foreach ($fields as $order => [$short, $name, $type, $first]) {
    $DB->insert_record('user_info_field', [
        'shortname' => $short, 'name' => $name, 'datatype' => $type, 'categoryid' => $category, 'sortorder' => $order + 1,
        'visible' => 2, 'param1' => $first, 'param2' => '2048', 'description' => '', 'descriptionformat' => 1,
        'defaultdata' => '', 'defaultdataformat' => 0,
    ]);
}
