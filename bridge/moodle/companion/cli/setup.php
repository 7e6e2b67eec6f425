<?php
// This file is part of Stewardpath for Moodle (local_stewardpath), which is free software: you may
// redistribute and change it under the terms of the GNU General Public License as published by the
// Free Software Foundation, version 3 or any later one. It comes without any warranty.
// The licence: <https://www.gnu.org/licenses/gpl-3.0.html>.

/**
 * Sets a Moodle site up for Stewardpath. Safe to run again: it does only what is missing.
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
    cli_writeln('Sets this Moodle site up for Stewardpath and prints the token Stewardpath signs in with.

It switches on web services with the REST protocol, completion tracking, badges, competencies, the multi-language filter
and the confirmation of changed e-mail addresses; locks the ID number in people\'s own profiles; makes a role with exactly the capabilities needed and a user with that role; and opens the service "Stewardpath"
to that user. It can be run again at any time, and after each upgrade of the plugin should be: it does what is missing
and says what it did.

Options:
  --rotate         Make a new token and end the old one.
  --username=NAME  The service user (stewardpath-service).
  -h, --help       Print this help.

Example:
  sudo -u www-data php local/stewardpath/cli/setup.php');
    exit(0);
}

\core\session\manager::set_user(get_admin());
$account = new service_account(core_text::strtolower($options['username']));
$switched = site_switches::ensure();
[$roleid, $roledone] = service_role::ensure();
[$userid, $accountdone] = $account->ensure($roleid);
$token = $account->token($userid, (bool) $options['rotate']);

foreach (array_merge($switched, $roledone, $accountdone) ?: ['Everything was set up already.'] as $sentence) {
    cli_writeln($sentence);
}
foreach (site_switches::advice() as $sentence) {
    cli_writeln("Note: $sentence");
}
cli_writeln('');
cli_writeln("Address: $CFG->wwwroot");
if ($token === null) {
    cli_writeln('Token:   there is one already, and it is not shown again. To make a new one, run this with --rotate.');
} else {
    cli_writeln("Token:   $token");
    cli_writeln('Keep it like a password. It is not shown again.');
}
