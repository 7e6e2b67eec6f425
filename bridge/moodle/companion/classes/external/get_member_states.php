<?php
// This file is part of Stewardpath for Moodle (local_stewardpath), which is free software: you may
// redistribute and change it under the terms of the GNU General Public License as published by the
// Free Software Foundation, version 3 or any later one. It comes without any warranty.
// The licence: <https://www.gnu.org/licenses/gpl-3.0.html>.

/**
 * Web service function: what members have.
 *
 * @package    local_stewardpath
 * @copyright  2026 The Stewardpath authors
 * @license    https://www.gnu.org/licenses/gpl-3.0.html GNU GPL v3 or later
 */

namespace local_stewardpath\external;

use core_external\external_function_parameters;
use core_external\external_multiple_structure;
use core_external\external_single_structure;
use local_stewardpath\member_report;

/**
 * Returns accounts, with their managed courses, cohorts, learning plans, badges and competencies.
 */
class get_member_states extends service_function {
    /** @var int the most users in one question. */
    private const MAX_USERS = 500;

    /**
     * Parameters.
     *
     * @return external_function_parameters
     */
    public static function execute_parameters(): external_function_parameters {
        return new external_function_parameters(['userids' => self::list_of(self::id('User id'), 'Whom to report on')]);
    }

    /**
     * Read them.
     *
     * @param int[] $userids
     * @return array {members}
     */
    public static function execute(array $userids): array {
        ['userids' => $userids] = self::validate_parameters(self::execute_parameters(), ['userids' => $userids]);
        self::enter_site('readfeed');
        self::require_between('number of users', count($userids), 0, self::MAX_USERS);
        return ['members' => member_report::read(array_unique($userids))];
    }

    /**
     * Return value.
     *
     * @return external_single_structure
     */
    public static function execute_returns(): external_single_structure {
        return new external_single_structure([
            'members' => new external_multiple_structure(new external_single_structure([
                'userid' => self::id('User id'),
                'deleted' => self::flag('The account was deleted'),
                'suspended' => self::flag('The account is suspended'),
                'confirmed' => self::flag('The email is confirmed'),
                'email' => self::text('Email'),
                'firstname' => self::text('First name'),
                'lastname' => self::text('Last name'),
                'enrolments' => new external_multiple_structure(new external_single_structure([
                    'courseid' => self::id('Course'),
                    'suspended' => self::flag('Every enrolment in it is suspended'),
                ])),
                'cohorts' => new external_multiple_structure(self::id('Cohort')),
                'templates' => new external_multiple_structure(self::id('Template of a learning plan')),
                'badges' => new external_multiple_structure(self::id('Badge')),
                'competencies' => new external_multiple_structure(new external_single_structure([
                    'competencyid' => self::id('Competency'),
                    'proficient' => self::flag('Rated as proficient'),
                ])),
            ])),
        ]);
    }
}
