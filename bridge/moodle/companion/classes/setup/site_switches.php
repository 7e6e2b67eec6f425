<?php
// This file is part of Stewardpath for Moodle (local_stewardpath), which is free software: you may
// redistribute and change it under the terms of the GNU General Public License as published by the
// Free Software Foundation, version 3 or any later one. It comes without any warranty.
// The licence: <https://www.gnu.org/licenses/gpl-3.0.html>.

/**
 * The settings of the site that Stewardpath needs.
 *
 * @package    local_stewardpath
 * @copyright  2026 The Stewardpath authors
 * @license    https://www.gnu.org/licenses/gpl-3.0.html GNU GPL v3 or later
 */

namespace local_stewardpath\setup;

use local_stewardpath\profile_rules;

/**
 * Turns on the settings that are off, and changes nothing else.
 */
class site_switches {
    /** @var array core setting => its name. */
    private const SETTINGS = [
        'enablewebservices' => 'Web services',
        'enablecompletion' => 'Completion tracking',
        'enablebadges' => 'Badges',
        'emailchangeconfirmation' => 'Confirmation of changed email addresses',
    ];

    /**
     * Turn on what Stewardpath needs.
     *
     * @return string[] what was done, as messages
     */
    public static function ensure(): array {
        return array_merge(self::ensure_settings(), self::ensure_rest(), self::ensure_multilang(), self::ensure_locks());
    }

    /**
     * Web services, completion, badges, confirmed email addresses.
     *
     * @return string[]
     */
    private static function ensure_settings(): array {
        $done = [];
        foreach (self::SETTINGS as $name => $title) {
            if (!get_config('', $name)) {
                set_config($name, 1);
                $done[] = "$title turned on.";
            }
        }
        if (!get_config('core_competency', 'enabled')) {
            set_config('enabled', 1, 'core_competency');
            $done[] = 'Competencies turned on.';
        }
        return $done;
    }

    /**
     * The REST protocol.
     *
     * @return string[]
     */
    private static function ensure_rest(): array {
        $changed = \core\plugininfo\webservice::enable_plugin('rest', 1);
        return $changed ? ['REST protocol turned on.'] : [];
    }

    /**
     * The multi-language filter, for content and headings.
     *
     * @return string[]
     */
    private static function ensure_multilang(): array {
        global $CFG;
        require_once($CFG->libdir . '/filterlib.php');
        $done = [];
        $states = filter_get_global_states();
        if (!isset($states['multilang']) || (int) $states['multilang']->active !== TEXTFILTER_ON) {
            filter_set_global_state('multilang', TEXTFILTER_ON);
            $done[] = 'Multi-language filter turned on.';
        }
        if (!in_array('multilang', filter_get_string_filters())) {
            filter_set_applies_to_strings('multilang', true);
            $done[] = 'Multi-language filter applied to headings too.';
        }
        return [...$done, ...self::put_multilang_first()];
    }

    /**
     * Let the multi-language filter run before the one for formulas, which puts formulas in a span. The end of that span
     * would end the translation.
     *
     * @return string[]
     */
    private static function put_multilang_first(): array {
        $before = fn() => array_search('multilang', array_keys(filter_get_global_states()))
            > array_search('mathjaxloader', array_keys(filter_get_global_states()));
        if (!isset(filter_get_global_states()['mathjaxloader']) || !$before()) {
            return [];
        }
        while ($before()) {
            filter_set_global_state('multilang', TEXTFILTER_ON, -1);
        }
        return ['Multi-language filter moved before the filter for formulas.'];
    }

    /**
     * Lock the ID number in profiles, for every enabled login method whose users can edit it. Otherwise a member number
     * in Moodle proves nothing: users could enter another member's number.
     *
     * @return string[]
     */
    private static function ensure_locks(): array {
        $open = profile_rules::unlocked_methods();
        foreach ($open as $method) {
            set_config(profile_rules::LOCK, 'locked', "auth_$method");
        }
        $locked = array_diff($open, profile_rules::unlocked_methods());
        return array_values(array_map(fn($method) => "ID number locked in profiles (login method \"$method\").", $locked));
    }

    /**
     * What an administrator should check, because no Moodle setting can fix it.
     *
     * @return string[] messages
     */
    public static function advice(): array {
        $advice = array_map(
            fn($method) => "Users with the login method \"$method\" can change the ID number in their profile, and "
                . 'this method has no setting to lock it. Do not set moodle.trust_numbers in Stewardpath while it is enabled.',
            profile_rules::unlocked_methods()
        );
        $fields = (int) ini_get('max_input_vars');
        if ($fields < 5000) {
            $advice[] = "PHP on the command line accepts $fields form fields and silently drops the rest. Check that "
                . 'the web server\'s PHP has max_input_vars = 5000.';
        }
        return $advice;
    }
}
