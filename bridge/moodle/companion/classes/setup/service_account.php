<?php
// This file is part of Stewardpath for Moodle (local_stewardpath), which is free software: you may
// redistribute and change it under the terms of the GNU General Public License as published by the
// Free Software Foundation, version 3 or any later one. It comes without any warranty.
// The licence: <https://www.gnu.org/licenses/gpl-3.0.html>.

/**
 * The user, the service and the token that Stewardpath signs in with.
 *
 * @package    local_stewardpath
 * @copyright  2026 The Stewardpath authors
 * @license    https://www.gnu.org/licenses/gpl-3.0.html GNU GPL v3 or later
 */

namespace local_stewardpath\setup;

use core_external\util;

/**
 * One user who can do nothing but call the functions of one service.
 */
class service_account {
    /** @var string short name of the service in db/services.php. */
    private const SERVICE = 'local_stewardpath';

    /** @var string what the token is called on Moodle's pages. */
    private const TOKEN_NAME = 'Stewardpath';

    /**
     * Work with one user.
     *
     * @param string $username
     */
    public function __construct(
        /** @var string the user name. */
        private readonly string $username,
    ) {
    }

    /**
     * Make the user if missing, with the role, and let this user alone use the service.
     *
     * @param int $roleid
     * @return array [int the user's id, string[] what was done, as sentences]
     */
    public function ensure(int $roleid): array {
        [$userid, $done] = $this->ensure_user();
        if (!user_has_role_assignment($userid, $roleid, \context_system::instance()->id)) {
            role_assign($roleid, $userid, \context_system::instance());
            $done[] = "Role given to \"$this->username\".";
        }
        return [$userid, array_merge($done, $this->ensure_service($userid))];
    }

    /**
     * Make the user if missing. Such a user cannot sign in on a page, whatever the password.
     *
     * @return array [int the user's id, string[] what was done]
     */
    private function ensure_user(): array {
        global $CFG, $DB;
        require_once($CFG->dirroot . '/user/lib.php');
        $known = $DB->get_field('user', 'id', ['username' => $this->username, 'mnethostid' => $CFG->mnet_localhost_id]);
        if ($known) {
            return [(int) $known, []];
        }
        $userid = user_create_user([
            'username' => $this->username,
            'auth' => 'webservice',
            'firstname' => 'Stewardpath',
            'lastname' => 'Service',
            'email' => "$this->username@service.invalid",
            'emailstop' => 1,
            'confirmed' => 1,
            'policyagreed' => 1,
            'mnethostid' => $CFG->mnet_localhost_id,
        ], false);
        return [(int) $userid, ["User \"$this->username\" created."]];
    }

    /**
     * Switch the service on and let the user in.
     *
     * @param int $userid
     * @return string[] what was done
     */
    private function ensure_service(int $userid): array {
        global $DB;
        $done = [];
        $service = self::service();
        if (!$service->enabled) {
            $DB->set_field('external_services', 'enabled', 1, ['id' => $service->id]);
            $done[] = "Service \"$service->name\" switched on.";
        }
        $entry = ['externalserviceid' => $service->id, 'userid' => $userid];
        if (!$DB->record_exists('external_services_users', $entry)) {
            $DB->insert_record('external_services_users', $entry + ['timecreated' => time()]);
            $done[] = "Service \"$service->name\" opened to \"$this->username\".";
        }
        return $done;
    }

    /**
     * Make a token, unless there is one.
     *
     * @param int $userid
     * @param bool $rotate make a new one, and end those there are
     * @return string|null the new token; null: there is one already, and it is not shown again
     */
    public function token(int $userid, bool $rotate): ?string {
        global $DB;
        $service = self::service();
        $owned = ['externalserviceid' => $service->id, 'userid' => $userid, 'tokentype' => EXTERNAL_TOKEN_PERMANENT];
        if ($DB->record_exists('external_tokens', $owned)) {
            if (!$rotate) {
                return null;
            }
            $DB->delete_records('external_tokens', $owned);
        }
        $system = \context_system::instance();
        return util::generate_token(EXTERNAL_TOKEN_PERMANENT, $service, $userid, $system, 0, '', self::TOKEN_NAME);
    }

    /**
     * The service.
     *
     * @return \stdClass the external_services record
     */
    private static function service(): \stdClass {
        global $DB;
        return $DB->get_record('external_services', ['shortname' => self::SERVICE], '*', MUST_EXIST);
    }
}
