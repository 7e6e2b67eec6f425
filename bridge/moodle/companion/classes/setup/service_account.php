<?php
// This file is part of Stewardpath for Moodle (local_stewardpath), which is free software: you may
// redistribute and change it under the terms of the GNU General Public License as published by the
// Free Software Foundation, version 3 or any later one. It comes without any warranty.
// The licence: <https://www.gnu.org/licenses/gpl-3.0.html>.

/**
 * The service user, the service and the token of Stewardpath.
 *
 * @package    local_stewardpath
 * @copyright  2026 The Stewardpath authors
 * @license    https://www.gnu.org/licenses/gpl-3.0.html GNU GPL v3 or later
 */

namespace local_stewardpath\setup;

use core_external\util;

/**
 * A user who can only call the functions of one service.
 */
class service_account {
    /** @var string short name of the service in db/services.php. */
    private const SERVICE = 'local_stewardpath';

    /** @var string the name of the token on Moodle's pages. */
    private const TOKEN_NAME = 'Stewardpath';

    /**
     * Set up one user.
     *
     * @param string $username
     */
    public function __construct(
        /** @var string the user name. */
        private readonly string $username,
    ) {
    }

    /**
     * Create the user if missing, assign the role, and authorise only this user for the service.
     *
     * @param int $roleid
     * @return array [int the user's id, string[] what was done, as messages]
     */
    public function ensure(int $roleid): array {
        [$userid, $done] = $this->ensure_user();
        if (!user_has_role_assignment($userid, $roleid, \context_system::instance()->id)) {
            role_assign($roleid, $userid, \context_system::instance());
            $done[] = "Role assigned to \"$this->username\".";
        }
        return [$userid, array_merge($done, $this->ensure_service($userid))];
    }

    /**
     * Create the user if missing. Its authentication method doesn't allow a login on any page.
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
     * Enable the service and authorise the user.
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
            $done[] = "Service \"$service->name\" turned on.";
        }
        $entry = ['externalserviceid' => $service->id, 'userid' => $userid];
        if (!$DB->record_exists('external_services_users', $entry)) {
            $DB->insert_record('external_services_users', $entry + ['timecreated' => time()]);
            $done[] = "Service \"$service->name\" opened to \"$this->username\".";
        }
        return $done;
    }

    /**
     * Create a token, unless there is one.
     *
     * @param int $userid
     * @param bool $rotate create a new token and revoke the existing ones
     * @return string|null the new token; null: there is one already, which can't be shown again
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
