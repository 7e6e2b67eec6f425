<?php
// This file is part of Stewardpath for Moodle (local_stewardpath), which is free software: you may
// redistribute and change it under the terms of the GNU General Public License as published by the
// Free Software Foundation, version 3 or any later one. It comes without any warranty.
// The licence: <https://www.gnu.org/licenses/gpl-3.0.html>.

/**
 * Web service function: the state of the site.
 *
 * @package    local_stewardpath
 * @copyright  2026 The Stewardpath authors
 * @license    https://www.gnu.org/licenses/gpl-3.0.html GNU GPL v3 or later
 */

namespace local_stewardpath\external;

use core_external\external_function_parameters;
use core_external\external_multiple_structure;
use core_external\external_single_structure;
use local_stewardpath\ownership;
use local_stewardpath\site_report;

/**
 * Returns the objects of one curriculum on the site, and the site's settings.
 */
class get_site_state extends service_function {
    /**
     * Parameters.
     *
     * @return external_function_parameters
     */
    public static function execute_parameters(): external_function_parameters {
        return new external_function_parameters([
            'prefix' => self::text('Prefix of the curriculum\'s idnumbers: stewardpath:<curriculum>:'),
        ]);
    }

    /**
     * Run the function.
     *
     * @param string $prefix
     * @return array
     */
    public static function execute(string $prefix): array {
        ['prefix' => $prefix] = self::validate_parameters(self::execute_parameters(), ['prefix' => $prefix]);
        self::enter_site('viewstate');
        ownership::require_managed($prefix);
        return (new site_report($prefix))->read();
    }

    /**
     * Return value.
     *
     * @return external_single_structure
     */
    public static function execute_returns(): external_single_structure {
        return new external_single_structure([
            'release' => self::text('Release of this plugin'),
            'contract' => self::id('Version of the functions\' contract'),
            'moodlerelease' => self::text('Release of Moodle'),
            'moodleversion' => self::text('Version number of Moodle'),
            'maxinputvars' => self::id('Maximum number of form fields in PHP (max_input_vars)'),
            'feed' => self::text('ID of the change feed'),
            'newestchange' => self::id('Largest id in the change feed, 0: none'),
            'numberlocked' => self::flag('The ID number is locked in all users\' own profiles'),
            'emailchangeconfirmation' => self::flag('Moodle confirms changed emails'),
            'storesfiles' => self::flag('Texts can have images'),
            'settings' => self::settings(),
            'competencyscale' => self::id('Scale for competencies, 0: none'),
            'competencyscalevalues' => new external_multiple_structure(self::text('A value of that scale')),
            'serviceuser' => self::id('Id of the calling user'),
            'languages' => new external_multiple_structure(self::text('Code of an installed language pack')),
            'categories' => self::listed(['name' => 'text', 'description' => 'text', 'visible' => 'flag', 'parent' => 'id']),
            'courses' => new external_multiple_structure(course_fields::structure()),
            'cohorts' => self::listed(['name' => 'text', 'description' => 'text', 'visible' => 'flag']),
            'frameworks' => self::listed(['shortname' => 'text', 'visible' => 'flag']),
            'competencies' => self::listed(['shortname' => 'text', 'frameworkid' => 'id']),
            'templates' => self::templates(),
            'badges' => self::listed(
                ['name' => 'text', 'description' => 'text', 'imagehash' => 'text', 'status' => 'flag']
            ),
        ]);
    }

    /**
     * The site's settings.
     *
     * @return external_single_structure
     */
    private static function settings(): external_single_structure {
        return new external_single_structure([
            'completion' => self::flag('Completion tracking is on'),
            'badges' => self::flag('Badges are on'),
            'multilang' => self::flag('The multi-language filter is on'),
            'competencies' => self::flag('Competencies are on'),
            'messaging' => self::flag('Messaging is on'),
        ]);
    }

    /**
     * A list of objects with id, idnumber and more fields.
     *
     * @param array $fields name => the kind: text, flag or id
     * @return external_multiple_structure
     */
    private static function listed(array $fields): external_multiple_structure {
        $structure = ['id' => self::id("Moodle's id"), 'idnumber' => self::text('Its idnumber')];
        foreach ($fields as $name => $kind) {
            $structure[$name] = self::$kind($name);
        }
        return new external_multiple_structure(new external_single_structure($structure));
    }

    /**
     * Learning plan templates.
     *
     * @return external_multiple_structure
     */
    private static function templates(): external_multiple_structure {
        return new external_multiple_structure(new external_single_structure([
            'id' => self::id("Moodle's id"),
            'shortname' => self::text('Name'),
            'description' => self::text('Description, HTML'),
            'visible' => self::flag('Whether it is active'),
            'competencyids' => new external_multiple_structure(self::id('A competency, in order')),
        ]));
    }
}
