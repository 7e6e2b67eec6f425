<?php
// This file is part of Stewardpath for Moodle (local_stewardpath), which is free software: you may
// redistribute and change it under the terms of the GNU General Public License as published by the
// Free Software Foundation, version 3 or any later one. It comes without any warranty.
// The licence: <https://www.gnu.org/licenses/gpl-3.0.html>.

/**
 * Puts managed sections and activities in order.
 *
 * @package    local_stewardpath
 * @copyright  2026 The Stewardpath authors
 * @license    https://www.gnu.org/licenses/gpl-3.0.html GNU GPL v3 or later
 */

namespace local_stewardpath;

/**
 * Orders managed sections and activities. Unmanaged ones keep their relative order: sections come before the managed ones,
 * activities after them. Subsections stay at the very end, where Moodle keeps them.
 */
class arranger {
    /** @var bool whether anything was moved. */
    private bool $moved = false;

    /**
     * Arrange one course.
     *
     * @param \stdClass $course
     */
    public function __construct(
        /** @var \stdClass the course. */
        private readonly \stdClass $course,
    ) {
    }

    /**
     * Put sections and activities into the given order.
     *
     * @param array $wanted list of {idnumber, activities: string[]}
     * @return bool whether anything was moved
     * @throws problem notmanaged, unknownsection, unknownactivity; then nothing was moved
     */
    public function arrange(array $wanted): bool {
        $sectionids = [];
        $cmids = [];
        foreach ($wanted as $section) {
            $sectionid = (int) sections::require($this->course->id, $section['idnumber'])->id;
            $sectionids[] = $sectionid;
            $cmids[$sectionid] = array_map(
                fn($idnumber) => (int) activities::require($this->course->id, $idnumber)->id,
                $section['activities']
            );
        }
        $this->arrange_sections($sectionids);
        foreach ($cmids as $sectionid => $order) {
            $this->arrange_activities($sectionid, $order);
        }
        return $this->moved;
    }

    /**
     * Order the sections.
     *
     * @param int[] $managed section ids in order
     */
    private function arrange_sections(array $managed): void {
        $current = $this->section_order();
        $unmanaged = array_values(array_diff($current, $managed));
        $wanted = array_merge($unmanaged, $managed);
        foreach ($wanted as $number => $sectionid) {
            $at = array_search($sectionid, $current, true);
            if ($at === $number) {
                continue;
            }
            move_section_to(get_course($this->course->id), $at, $number, true);
            array_splice($current, $at, 1);
            array_splice($current, $number, 0, [$sectionid]);
            $this->moved = true;
        }
    }

    /**
     * The ids of the course's sections by number, without subsections.
     *
     * @return int[]
     */
    private function section_order(): array {
        global $DB;
        $ids = $DB->get_fieldset_select(
            'course_sections',
            'id',
            'course = :course AND component IS NULL ORDER BY section',
            ['course' => $this->course->id]
        );
        return array_map('intval', $ids);
    }

    /**
     * Order the activities of one section.
     *
     * @param int $sectionid
     * @param int[] $managed course module ids in order
     */
    private function arrange_activities(int $sectionid, array $managed): void {
        $current = $this->activity_order($sectionid);
        $wanted = array_merge($managed, array_values(array_diff($current, $managed)));
        foreach ($wanted as $position => $cmid) {
            $here = $current[$position] ?? null;
            if ($here === $cmid) {
                continue;
            }
            activities::move($cmid, $sectionid, $here);
            $current = array_values(array_diff($current, [$cmid]));
            array_splice($current, $position, 0, [$cmid]);
            $this->moved = true;
        }
    }

    /**
     * The ids of a section's course modules, in order.
     *
     * @param int $sectionid
     * @return int[]
     */
    private function activity_order(int $sectionid): array {
        global $DB;
        $sequence = (string) $DB->get_field('course_sections', 'sequence', ['id' => $sectionid], MUST_EXIST);
        return array_map('intval', array_filter(explode(',', $sequence)));
    }
}
