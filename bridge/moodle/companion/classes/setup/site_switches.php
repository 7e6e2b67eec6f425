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

/**
 * Turns on what is off, and leaves the rest alone.
 */
class site_switches {
    /** @var array core setting => what it is called. */
    private const SETTINGS = [
        'enablewebservices' => 'Web services',
        'enablecompletion' => 'Completion tracking',
        'enablebadges' => 'Badges',
    ];

    /**
     * Turn on what is needed.
     *
     * @return string[] what was done, as sentences
     */
    public static function ensure(): array {
        return array_merge(self::ensure_settings(), self::ensure_rest(), self::ensure_multilang());
    }

    /**
     * Web services, completion, badges.
     *
     * @return string[]
     */
    private static function ensure_settings(): array {
        $done = [];
        foreach (self::SETTINGS as $name => $title) {
            if (!get_config('', $name)) {
                set_config($name, 1);
                $done[] = "$title switched on.";
            }
        }
        if (!get_config('core_competency', 'enabled')) {
            set_config('enabled', 1, 'core_competency');
            $done[] = 'Competencies switched on.';
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
        return $changed ? ['REST protocol switched on.'] : [];
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
        if (!filter_is_enabled('multilang') || !isset(filter_get_globally_enabled()['multilang'])) {
            filter_set_global_state('multilang', TEXTFILTER_ON);
            $done[] = 'Multi-language filter switched on.';
        }
        if (!in_array('multilang', filter_get_string_filters())) {
            filter_set_applies_to_strings('multilang', true);
            $done[] = 'Multi-language filter applied to headings too.';
        }
        return $done;
    }

    /**
     * What an administrator should look at, because no setting of Moodle's can mend it.
     *
     * @return string[] sentences
     */
    public static function advice(): array {
        $fields = (int) ini_get('max_input_vars');
        if ($fields >= 5000) {
            return [];
        }
        return ["PHP on the command line accepts $fields form fields and drops the rest without a word. See that the web "
            . 'server\'s PHP has max_input_vars = 5000.'];
    }
}
