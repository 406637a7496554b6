// SPDX-License-Identifier: MIT

namespace TdxVerify.Subjects.Guest;

/// <summary>The kernel of a virtual machine did not come back: it died, or did not answer in time.</summary>
/// <param name="isHang">It did not answer; else the machine ended.</param>
public sealed class GuestEndedException(string message, bool isHang) : Exception(message)
{
    public bool IsHang => isHang;
}
