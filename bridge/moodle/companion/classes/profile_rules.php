<?php
// This file is part of Stewardpath for Moodle (local_stewardpath), which is free software: you may
// redistribute and change it under the terms of the GNU General Public License as published by the
// Free Software Foundation, version 3 or any later one. It comes without any warranty.
// The licence: <https://www.gnu.org/licenses/gpl-3.0.html>.

/**
 * Which profile fields users can change themselves.
 *
 * @package    local_stewardpath
 * @copyright  2026 The Stewardpath authors
 * @license    https://www.gnu.org/licenses/gpl-3.0.html GNU GPL v3 or later
 */

namespace local_stewardpath;

/**
 * Whether the ID number and the email in a profile can be trusted.
 */
class profile_rules {
    /** @var string the setting of a login method, as user/edit_form.php reads it. */
    public const LOCK = 'field_lock_idnumber';

    /** @var string[] login methods whose users can't log in on a page, or have their profile on another site. */
    private const WITHOUT_PROFILE = ['nologin', 'webservice', 'mnet'];

    /**
     * Whether the ID number is locked in all users' own profiles.
     *
     * @return bool
     */
    public static function is_number_locked(): bool {
        return !self::unlocked_methods();
    }

    /**
     * Whether Moodle confirms changed emails.
     *
     * @return bool
     */
    public static function is_email_confirmed(): bool {
        return (bool) get_config('', 'emailchangeconfirmation');
    }

    /**
     * The enabled login methods whose users can change their own ID number. "Unlocked if empty" is not locked: the
     * user then chooses the first number.
     *
     * @return string[]
     */
    public static function unlocked_methods(): array {
        $methods = array_diff(get_enabled_auth_plugins(), self::WITHOUT_PROFILE);
        return array_values(array_filter($methods, fn($name) => self::is_unlocked(get_auth_plugin($name))));
    }

    /**
     * Whether the profile form lets the users of a login method change their ID number.
     *
     * @param \auth_plugin_base $method
     * @return bool
     */
    private static function is_unlocked(\auth_plugin_base $method): bool {
        if (!$method->can_edit_profile() || $method->edit_profile_url()) {
            return false;
        }
        return ($method->config->{self::LOCK} ?? '') !== 'locked';
    }
}
