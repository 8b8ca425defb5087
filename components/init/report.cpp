// SPDX-License-Identifier: MIT
/// The wording of reports.
#include "components/init/report.hpp"

#include "os/arch.hpp"
#include "os/supervisor.hpp"

namespace init {
namespace {

using base::Hex;

void describe_access(Line& line, abi::Words const& words, Reporter reporter) {
    std::uint64_t const access = words[2];
    if ((access & abi::fault_access::kInstruction) != 0) {
        line.append("it jumped to address ");
    } else {
        line.append((access & abi::fault_access::kWrite) != 0 ? "it wrote to address "
                                                              : "it read from address ");
    }
    line.append(Hex{words[1]}).append(" (");
    if (reporter == Reporter::Pager) {
        line.append(os::supervisor::describe(words[6]));
    } else {
        line.append("no such access is allowed there");
    }
    line.append(')');
}

void describe(Line& line, std::uint64_t label, abi::Words const& words, Reporter reporter) {
    switch (static_cast<abi::FaultKind>(label)) {
    case abi::FaultKind::Capability:
        line.append(words[2] != 0 ? "it received on capability " : "it sent to capability ")
            .append(words[1])
            .append(", which it does not have");
        break;
    case abi::FaultKind::UnknownSyscall:
        line.append("it made system call ").append(words[1]).append(", which does not exist");
        break;
    case abi::FaultKind::UserException:
        line.append("the processor refused its instruction (exception class ")
            .append(Hex{words[1]})
            .append(", syndrome ")
            .append(Hex{words[2]})
            .append(')');
        break;
    case abi::FaultKind::VirtualMemory: describe_access(line, words, reporter); break;
    case abi::FaultKind::Debug:
        line.append("it came to a breakpoint (exception class ").append(Hex{words[1]}).append(')');
        break;
    case abi::FaultKind::Timeout: line.append("it used up its time"); break;
    }
}

} // namespace

auto error_name(abi::Error error) -> std::string_view {
    switch (error) {
    case abi::Error::None: return "None";
    case abi::Error::InvalidArgument: return "InvalidArgument";
    case abi::Error::InvalidCapability: return "InvalidCapability";
    case abi::Error::IllegalOperation: return "IllegalOperation";
    case abi::Error::RangeError: return "RangeError";
    case abi::Error::AlignmentError: return "AlignmentError";
    case abi::Error::FailedLookup: return "FailedLookup";
    case abi::Error::TruncatedMessage: return "TruncatedMessage";
    case abi::Error::DeleteFirst: return "DeleteFirst";
    case abi::Error::RevokeFirst: return "RevokeFirst";
    case abi::Error::NotEnoughMemory: return "NotEnoughMemory";
    case abi::Error::Aborted: return "Aborted";
    }
    return "unknown error";
}

auto printable(std::string_view text) -> Line {
    Line line;
    for (char const character : text) {
        line.append(character >= ' ' && character <= '~' ? character : '?');
    }
    return line;
}

auto failure_line(std::string_view name, std::string_view what, Failure const& failure) -> Line {
    Line line{printable(name).view(), what, failure.what};
    if (failure.error != abi::Error::None) {
        line.append(" (").append(error_name(failure.error)).append(')');
    }
    return line;
}

auto fault_line(std::string_view name, std::uint64_t label, abi::Words const& words, Reporter reporter)
    -> Line {
    Line line{printable(name).view(), " failed: "};
    describe(line, label, words, reporter);
    return line.append(" at instruction ").append(Hex{words[0]});
}

auto register_line(std::size_t first, std::span<std::uint64_t const> values) -> Line {
    Line line{" "};
    for (std::size_t index = 0; index < values.size(); ++index) {
        line.append(' ')
            .append(os::arch::reg::name(first + index).view())
            .append(' ')
            .append(Hex{values[index]});
    }
    return line;
}

} // namespace init
