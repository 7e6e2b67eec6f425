<?php
// This file is part of Stewardpath for Moodle (local_stewardpath), which is free software: you may
// redistribute and change it under the terms of the GNU General Public License as published by the
// Free Software Foundation, version 3 or any later one. It comes without any warranty.
// The licence: <https://www.gnu.org/licenses/gpl-3.0.html>.

/**
 * The description of a course in an answer.
 *
 * @package    local_stewardpath
 * @copyright  2026 The Stewardpath authors
 * @license    https://www.gnu.org/licenses/gpl-3.0.html GNU GPL v3 or later
 */

namespace local_stewardpath\external;

use core_external\external_single_structure;
use core_external\external_value;

/**
 * A course as the site report and the course report tell of it.
 */
class course_fields {
    /**
     * The structure.
     *
     * @return external_single_structure
     */
    public static function structure(): external_single_structure {
        return new external_single_structure([
            'id' => new external_value(PARAM_INT, 'Course id'),
            'idnumber' => new external_value(PARAM_RAW, 'Its idnumber'),
            'category' => new external_value(PARAM_INT, 'Category id'),
            'fullname' => new external_value(PARAM_RAW, 'Name'),
            'shortname' => new external_value(PARAM_RAW, 'Short name'),
            'summary' => new external_value(PARAM_RAW, 'Summary, HTML'),
            'visible' => new external_value(PARAM_BOOL, 'Whether members see it'),
            'enablecompletion' => new external_value(PARAM_BOOL, 'Whether completion is tracked'),
            'lang' => new external_value(PARAM_RAW, 'Language forced, or empty'),
        ]);
    }
}
