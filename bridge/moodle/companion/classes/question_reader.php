<?php
// This file is part of Stewardpath for Moodle (local_stewardpath), which is free software: you may
// redistribute and change it under the terms of the GNU General Public License as published by the
// Free Software Foundation, version 3 or any later one. It comes without any warranty.
// The licence: <https://www.gnu.org/licenses/gpl-3.0.html>.

/**
 * Reads one question from Moodle XML.
 *
 * @package    local_stewardpath
 * @copyright  2026 The Stewardpath authors
 * @license    https://www.gnu.org/licenses/gpl-3.0.html GNU GPL v3 or later
 */

namespace local_stewardpath;

defined('MOODLE_INTERNAL') || die();

global $CFG;
require_once($CFG->libdir . '/questionlib.php');
require_once($CFG->dirroot . '/question/format.php');
require_once($CFG->dirroot . '/question/format/xml/format.php');

/**
 * Moodle's own XML format, for a single question. Error messages are returned instead of printed.
 */
class question_reader extends \qformat_xml {
    /** @var string[] Moodle's error messages. */
    private array $complaints = [];

    /**
     * Read a document with exactly one question.
     *
     * @param string $xml
     * @param string $idnumber the idnumber the question must carry
     * @return \stdClass the question as Moodle's import understands it
     * @throws problem badquestionxml
     */
    public function read(string $xml, string $idnumber): \stdClass {
        $flaw = self::flaw_in_document($xml);
        if ($flaw !== '') {
            throw new problem('badquestionxml', ['idnumber' => $idnumber, 'reason' => $flaw]);
        }
        $questions = [];
        ob_start();
        try {
            $questions = $this->readquestions([$xml]) ?: [];
        } catch (\Throwable $reason) {
            $this->complaints[] = $reason->getMessage();
        } finally {
            $this->complaints[] = trim(strip_tags((string) ob_get_clean()));
        }
        $reason = trim(implode(' ', array_filter($this->complaints))) ?: $this->flaw($questions, $idnumber);
        if ($reason !== '') {
            throw new problem('badquestionxml', ['idnumber' => $idnumber, 'reason' => $reason]);
        }
        return reset($questions);
    }

    /**
     * Check a document before Moodle reads it: it must be XML with exactly one question, and without definitions
     * (DOCTYPE, ENTITY), which could be used for an attack.
     *
     * @param string $xml
     * @return string an error message, or '' if nothing is wrong
     */
    private static function flaw_in_document(string $xml): string {
        if (preg_match('/<!(DOCTYPE|ENTITY)/i', $xml)) {
            return get_string('definitions', 'local_stewardpath');
        }
        $before = libxml_use_internal_errors(true);
        $document = simplexml_load_string($xml, \SimpleXMLElement::class, LIBXML_NONET);
        $error = libxml_get_last_error();
        libxml_clear_errors();
        libxml_use_internal_errors($before);
        if ($document === false) {
            $where = ['line' => $error->line ?? 0, 'error' => trim($error->message ?? '')];
            return get_string('notxml', 'local_stewardpath', (object) $where);
        }
        $count = count($document->question);
        return $count === 1 ? '' : get_string('notonequestion', 'local_stewardpath', $count);
    }

    /**
     * Check the questions of a document.
     *
     * @param array $questions
     * @param string $idnumber
     * @return string an error message, or '' if nothing is wrong
     */
    private function flaw(array $questions, string $idnumber): string {
        if (count($questions) !== 1) {
            return get_string('notonequestion', 'local_stewardpath', count($questions));
        }
        $question = reset($questions);
        $given = (string) ($question->idnumber ?? '');
        if ($given !== $idnumber) {
            return get_string('otheridnumber', 'local_stewardpath', $given);
        }
        return question_check::flaw($question);
    }

    /**
     * Collect an error message instead of printing it.
     *
     * @param string $message
     * @param string $text
     * @param string $questionname
     */
    #[\Override]
    protected function error($message, $text = '', $questionname = '') {
        $this->complaints[] = trim(strip_tags("$message $text"));
        $this->importerrors++;
    }
}
