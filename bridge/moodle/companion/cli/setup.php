<?php
// This file is part of Stewardpath for Moodle (local_stewardpath), which is free software: you may
// redistribute and change it under the terms of the GNU General Public License as published by the
// Free Software Foundation, version 3 or any later one. It comes without any warranty.
// The licence: <https://www.gnu.org/licenses/gpl-3.0.html>.

/**
 * Sets up a Moodle site for Stewardpath. You can run it again: it changes only what is missing.
 *
 * @package    local_stewardpath
 * @copyright  2026 The Stewardpath authors
 * @license    https://www.gnu.org/licenses/gpl-3.0.html GNU GPL v3 or later
 */

define('CLI_SCRIPT', true);

require(__DIR__ . '/../../../config.php');
require_once($CFG->libdir . '/clilib.php');

use local_stewardpath\setup\service_account;
use local_stewardpath\setup\service_role;
use local_stewardpath\setup\site_switches;

[$options, $unknown] = cli_get_params(
    ['help' => false, 'rotate' => false, 'username' => 'stewardpath-service'],
    ['h' => 'help']
);
if ($unknown) {
    cli_error(get_string('cliunknowoption', 'core_admin', implode(PHP_EOL . '  ', $unknown)));
}
if ($options['help']) {
    cli_writeln('Sets up this Moodle site for Stewardpath and prints the token that Stewardpath uses.

This script
  - turns on web services with the REST protocol, completion tracking, badges, competencies, the multi-language filter
    and the confirmation of changed email addresses;
  - locks the ID number in users\' own profiles;
  - creates a role with exactly the capabilities that Stewardpath needs, and a user with that role;
  - enables the service "Stewardpath" and authorises only that user.

Run it again after each update of the plugin. You can run it at any time: it changes only what is missing and prints
what it changed.

Options:
  --rotate         Create a new token and revoke the old one.
  --username=NAME  Use another service user (default: stewardpath-service).
  -h, --help       Print this help.

Example:
  sudo -u www-data php local/stewardpath/cli/setup.php');
    exit(0);
}

\core\session\manager::set_user(get_admin());
$account = new service_account(core_text::strtolower($options['username']));
$settingsdone = site_switches::ensure();
[$roleid, $roledone] = service_role::ensure();
[$userid, $accountdone] = $account->ensure($roleid);
$token = $account->token($userid, (bool) $options['rotate']);

foreach (array_merge($settingsdone, $roledone, $accountdone) ?: ['Nothing to do: everything is already set up.'] as $message) {
    cli_writeln($message);
}
foreach (site_switches::advice() as $message) {
    cli_writeln("Note: $message");
}
cli_writeln('');
cli_writeln("Address: $CFG->wwwroot");
if ($token === null) {
    cli_writeln('Token:   already created, and cannot be shown again. To create a new one, run this script with --rotate.');
} else {
    cli_writeln("Token:   $token");
    cli_writeln('Store the token like a password. It will not be shown again.');
}
